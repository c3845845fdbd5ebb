import { describe, expect, it } from 'vitest';
import { presentManifest } from '../../../src/report/get-manifest.js';
import { sampleRelease } from '../release/samples.js';

const present = (manifest: string): string => presentManifest(sampleRelease({ manifest }));

const CONFIG =
  '---\n# Source: kthena/manifests/a.yaml\n# kept: as it is\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const HEAD = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n';

describe('a manifest for reading', () => {
  it('is what was recorded where there is no Secret', () => {
    expect(present(CONFIG)).toBe(CONFIG);
    expect(present(CONFIG.trimEnd())).toBe(CONFIG);
    expect(present('')).toBe('');
  });

  it('masks the content of Secrets, and leaves the rest and the order', () => {
    const secret = `---\n# Source: kthena/manifests/s.yaml\n${HEAD}type: Opaque\ndata:\n  a: aHVudGVyMg==\nstringData:\n  b: hunter2\n`;
    expect(present(`${CONFIG}${secret}${CONFIG}`)).toBe(
      `${CONFIG}---\n# Source: kthena/manifests/s.yaml\n${HEAD}type: Opaque\ndata:\n  a: '***'\nstringData:\n  b: '***'\n${CONFIG}`,
    );
  });

  it.each([
    ['in one line', '--- {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: hunter2}}\n'],
    ['with a comment', `---\n# Source: x\n# hunter2\n${HEAD}data: # hunter2\n  a: aHVudGVyMg==\n`],
    [
      'in a list',
      '---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: hunter2}}\n',
    ],
    [
      'in a typed list',
      '---\napiVersion: v1\nkind: SecretList\nitems:\n- {metadata: {name: s}, stringData: {a: hunter2}}\n',
    ],
    ['after dots', `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n...\n${HEAD}stringData: {a: hunter2}\n`],
    ['with content that is no map', `---\n${HEAD}data: hunter2\nstringData: [hunter2]\n`],
    ['with binary tags', `---\n${HEAD}data:\n  a: !!str aHVudGVyMg==\n`],
    [
      'as kubectl remembers it',
      `---\n${HEAD}  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"a":"hunter2"}}'\n`,
    ],
  ])('masks a Secret %s', (_, manifest) => {
    const shown = present(manifest);
    expect(shown).toMatch(/kind: Secret/);
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('keeps an empty Secret', () => {
    expect(present(`---\n${HEAD}data: null\n`)).toBe(`---\n${HEAD}data: null\n`);
    expect(present(`---\n${HEAD}`)).toBe(`---\n${HEAD}`);
  });

  it('shows nothing of what it cannot read', () => {
    expect(() => present(`---\n${HEAD}stringData: {a: hunter2\n`)).toThrow(/^manifest, document 1:[\d:]+ the recorded/);
  });
});
