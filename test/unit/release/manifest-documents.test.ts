import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../../src/release/manifest-documents.js';
import { objectsOf } from '../../../src/release/manifest.js';

const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const namesIn = (manifest: string): string[][] =>
  documentsOf(manifest).map(({ objects }) => objects.map(({ metadata }) => metadata.name));

describe('the documents of a manifest', () => {
  it.each([
    ['none', '', []],
    ['one without a separator', map('a'), [['a']]],
    ['two', `---\n${map('a')}---\n${map('b')}`, [['a'], ['b']]],
    ['one that is a comment only', `---\n# Source: x\n---\n${map('a')}`, [[], ['a']]],
    [
      'a list',
      `--- # two\napiVersion: v1\nkind: List\nitems: [${JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } })}]\n`,
      [['s']],
    ],
    ['some that end with dots', `${map('a')}...\n${map('b')}---\n${map('c')}`, [['a', 'b'], ['c']]],
    [
      'a text with dashes',
      `${map('a')}data:\n  t: |\n    ---\n    x\n  u: "\u2028--- y"\n---\n${map('b')}`,
      [['a'], ['b']],
    ],
    ['lines as Windows ends them', `---\n${map('a')}---\n${map('b')}`.replaceAll('\n', '\r\n'), [['a'], ['b']]],
    ['a name that begins with dashes', `${map('a')}---x: 1\n`, [['a']]],
  ])('are %s', (_, manifest, expected) => {
    expect(namesIn(manifest)).toEqual(expected);
    expect(
      documentsOf(manifest)
        .map(({ text }) => text)
        .join(''),
    ).toBe(manifest);
  });

  it('have the objects of the whole', () => {
    const manifest = readFileSync(new URL('../../golden/cases/default/objects.yaml', import.meta.url), 'utf8');
    expect(documentsOf(manifest).flatMap(({ objects }) => objects)).toEqual(objectsOf(manifest));
  });

  it('are refused where one cannot be read, without a word of it', () => {
    expect(() => documentsOf(`---\n${map('a')}---\nhunter2: [\n`)).toThrow(
      /^manifest, document 2:\d+:\d+: the recorded manifest cannot be read: it is not valid YAML$/,
    );
  });
});
