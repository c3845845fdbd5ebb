import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import type { StructureFinding } from '../../../src/lint/finding.js';
import { nameFindings } from '../../../src/lint/names.js';
import { structureFindings } from '../../../src/lint/structure.js';
import { BROKEN_OBJECTS } from './broken-objects.js';
import { SCHEMAS } from './schemas.js';
import { SOUND_OBJECTS } from './sound-objects.js';

function lint(object: KubeObject): StructureFinding[] {
  return [...structureFindings(object, SCHEMAS), ...nameFindings(object)];
}

describe('a sound object', () => {
  it.each(SOUND_OBJECTS.map((object) => [object.kind, object] as const))('%s gives no findings', (_kind, object) => {
    expect(lint(object)).toEqual([]);
  });
});

describe('a broken object gives exactly the findings it deserves', () => {
  it.each(BROKEN_OBJECTS.map((broken) => [broken.what, broken] as const))('%s', (_what, { object, findings }) => {
    expect(lint(object).map(({ path, message }) => `${path}: ${message}`)).toEqual(findings);
  });
});

const FACTS = new URL('../../../../shared/facts/', import.meta.url);

describe.skipIf(!existsSync(FACTS))('the published objects', () => {
  const cases = existsSync(FACTS) ? readdirSync(new URL('objects/', FACTS)) : [];
  it.each(cases)('of the case %s give no findings', (name) => {
    const objects = JSON.parse(readFileSync(new URL(`objects/${name}/objects.json`, FACTS), 'utf8')) as KubeObject[];
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.flatMap(lint)).toEqual([]);
  });

  const crds = existsSync(FACTS) ? readdirSync(new URL('crds/', FACTS)) : [];
  it.each(crds)('and the CRD %s gives none', (name) => {
    const crd = JSON.parse(readFileSync(new URL(`crds/${name}`, FACTS), 'utf8')) as KubeObject;
    expect(lint(crd)).toEqual([]);
  });
});

describe('a finding', () => {
  it('names the object as every message does', () => {
    const broken = BROKEN_OBJECTS.find(({ what }) => what === 'unknown field')!.object;
    expect(lint(broken)).toEqual([
      { severity: 'error', ref: formatRef(refOf(broken)), path: 'spec.replica', message: expect.any(String) as string },
    ]);
  });

  it('never quotes what a Secret holds', () => {
    const secret = BROKEN_OBJECTS.find(({ what }) => what === 'secret data that is not base64')!.object;
    const worse = { ...secret, stringData: { TOKEN: ['open sesame'] }, typ: 'open sesame' } as unknown as KubeObject;
    const findings = lint(worse);
    expect(findings).toHaveLength(3);
    expect(JSON.stringify(findings)).not.toContain('sesame');
  });
});
