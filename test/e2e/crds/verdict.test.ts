import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareCrds } from '../../../src/crds/compare/compare.js';
import type { Schema } from '../../../src/crds/compare/crd.js';
import { createResourceCheck, type ResourceCheck } from '../../../src/crds/stored/check.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { crdOf, crdsOf, RELEASES, type Release } from '../../fixtures/crds/history.js';
import { SAMPLES } from '../../fixtures/crds/samples.js';
import { FIELD_CASES, type FieldCase } from '../../unit/crds-stored/field-cases.js';

let cluster: ControlPlane;
let namespace: string;
beforeAll(async () => {
  cluster = await startControlPlane();
  namespace = await cluster.newNamespace();
});
afterAll(() => cluster?.stop());

interface CrdObject extends KubeObject {
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

const GROUP = 'verdict.example';

function crdWith(kind: string, root: Schema, subresources: object = {}): CrdObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', ...root } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources }],
    },
  } as KubeObject as CrdObject;
}

/** The CRD with a default by which a dry run shows which schema the server has taken up. */
function marked(crd: KubeObject, marker: string): CrdObject {
  const copy = structuredClone(crd) as CrdObject;
  const root = copy.spec.versions[0]!.schema.openAPIV3Schema;
  root.properties!['servedBy'] = { type: 'string', default: marker };
  return copy;
}

const folderOf = (crd: CrdObject): string =>
  `/apis/${crd.spec.group}/${crd.spec.versions[0]!.name}/namespaces/${namespace}/${crd.spec.names.plural}`;

async function applyCrd(crd: CrdObject, marker: string, probe: KubeObject): Promise<void> {
  const { stderr, code } = await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
    input: JSON.stringify(crd),
  });
  if (code !== 0) throw new Error(stderr);
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    const { body } = await cluster.request('POST', `${folderOf(crd)}?dryRun=All`, renamed(probe, 'probe'));
    if (body?.servedBy === marker || JSON.stringify(body).includes(`"${marker}"`)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${crd.metadata.name} is not served`);
}

function renamed(resource: KubeObject, name: string): KubeObject {
  return { ...resource, metadata: { name, namespace } };
}

/** Whether the server takes the resource in place of the stored one; nothing is stored. */
async function takes(crd: CrdObject, resource: KubeObject): Promise<{ accepted: boolean; answer: string }> {
  const { status, body } = await cluster.request(
    'PUT',
    `${folderOf(crd)}/${resource.metadata.name}?dryRun=All`,
    resource,
  );
  if (![200, 422].includes(status)) throw new Error(`${status} ${JSON.stringify(body)}`);
  return { accepted: status === 200, answer: String(body.message ?? '') };
}

/** What the check foretells of an update that is validated against the new schema, with ratcheting. */
function foretold(check: ResourceCheck, before: KubeObject, after: KubeObject): boolean {
  return check(after)
    .filter(({ problem }) => problem === 'invalid')
    .every(({ ratchets, unchangedPart: part }) => {
      return ratchets && (part === undefined || isDeepStrictEqual(partAt(before, part), partAt(after, part)));
    });
}

function partAt(resource: unknown, path: string): unknown {
  const steps = [...path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].map(([, field, key]) => field ?? key!);
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], resource);
}

function removeAt(resource: unknown, path: string): void {
  const steps = [...path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].map(([, field, key]) => field ?? key!);
  const parent = steps
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], resource);
  delete (parent as Record<string, unknown>)[steps.at(-1)!];
}

const withLabel = (resource: KubeObject): KubeObject => ({
  ...resource,
  metadata: { ...resource.metadata, labels: { touched: 'yes' } },
});

describe('what the server says of stored resources after the schema of a field has changed', () => {
  const properties = (side: 'before' | 'after'): Schema => ({
    properties: {
      spec: {
        type: 'object',
        properties: {
          other: { type: 'string' },
          ...Object.fromEntries(FIELD_CASES.map((each) => [each.name, each[side]])),
        },
      },
    },
  });
  const before = marked(crdWith('Case', properties('before')), 'before');
  const after = marked(crdWith('Case', properties('after')), 'after');
  const resourceOf = ({ name, stored }: FieldCase): KubeObject => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'Case',
    metadata: { name: name.toLowerCase(), namespace },
    spec: { other: 'as it was', [name]: stored },
  });
  /** As the server with the old schema gives them. */
  const stored = new Map<string, KubeObject>();
  let check: ResourceCheck;

  beforeAll(async () => {
    const probe = { apiVersion: `${GROUP}/v1`, kind: 'Case', metadata: { name: 'probe' }, spec: {} };
    await applyCrd(before, 'before', probe);
    for (const each of FIELD_CASES) {
      const { status, body } = await cluster.request('POST', folderOf(before), resourceOf(each));
      if (status !== 201) throw new Error(`${each.name}: ${JSON.stringify(body)}`);
      stored.set(each.name, body as KubeObject);
    }
    await applyCrd(after, 'after', probe);
    check = await createResourceCheck(after, 'v1');
    expect(check.unchecked).toEqual([]);
  });

  it.each(FIELD_CASES.map((each) => [each.name, each] as const))('%s', async (name, { touched, problems }) => {
    const old = stored.get(name)!;
    expect(check(old)).toEqual(problems);
    const { body } = await cluster.request('GET', `${folderOf(after)}/${old.metadata.name}`);
    const now = body as KubeObject;
    const valid = problems.every(({ problem }) => problem !== 'invalid');

    const created = await cluster.request('POST', `${folderOf(after)}?dryRun=All`, renamed(old, 'another'));
    expect(created.status, JSON.stringify(created.body)).toBe(valid ? 201 : 422);

    const expected = structuredClone(old);
    for (const { path } of problems.filter(({ problem }) => problem === 'dropped')) removeAt(expected, path);
    if (!name.startsWith('null') && name !== 'requiredWithDefault') expect(now['spec']).toEqual(expected['spec']);

    const updates: [string, KubeObject][] = [
      ['a label', withLabel(now)],
      ['another field', { ...now, spec: { ...(now['spec'] as object), other: 'changed' } }],
    ];
    if (touched !== undefined)
      updates.push(['the field', { ...now, spec: { ...(now['spec'] as object), [name]: touched } }]);
    for (const [what, update] of updates) {
      const { accepted, answer } = await takes(after, update);
      expect({ what, accepted, answer }).toEqual({ what, accepted: foretold(check, now, update), answer });
    }
  });
});

describe('what the server says of what the schema asks of the resource as a whole', () => {
  const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
  const spec: Schema = { type: 'object', properties: { replicas: { type: 'integer' }, other: { type: 'string' } } };
  const WHOLE: [what: string, wanted: CrdObject, spec: object][] = [
    ['required', crdWith('Required', { properties: { spec, extra: { type: 'object' } }, required: ['extra'] }), {}],
    [
      'a rule',
      crdWith('Ruled', {
        properties: { spec },
        'x-kubernetes-validations': [{ rule: 'self.metadata.name.startsWith("p")' }],
      }),
      {},
    ],
    ['the number of replicas', crdWith('Scaled', { properties: { spec } }, { scale }), { replicas: -1 }],
  ];

  it.each(WHOLE)('%s', async (_, wanted, parts) => {
    const { kind } = wanted.spec.names;
    const before = marked(crdWith(kind, { properties: { spec, extra: { type: 'object' } } }), 'before');
    const after = marked(wanted, 'after');
    const resource = { apiVersion: `${GROUP}/v1`, kind, metadata: { name: 'stored', namespace }, spec: { ...parts } };
    await applyCrd(before, 'before', { ...resource, spec: {} });
    await cluster.request('POST', folderOf(before), resource);
    await applyCrd(after, 'after', { ...resource, metadata: { name: 'a' }, spec: {}, extra: {} } as KubeObject);
    const { body: now } = await cluster.request('GET', `${folderOf(after)}/stored`);
    const check = await createResourceCheck(after, 'v1');
    expect(check(now)).toMatchObject([{ problem: 'invalid', ratchets: false }]);
    expect(await takes(after, withLabel(now))).toMatchObject({ accepted: false });
  });
});

describe.each(RELEASES.slice(1))('the step to %s of real resources', (release: Release) => {
  const from = RELEASES[RELEASES.indexOf(release) - 1]!;
  const crds = (which: Release): Map<string, CrdObject> =>
    new Map(crdsOf(which).map((crd) => [(crd as CrdObject).spec.names.kind, marked(crd, which)]));

  it('is what the check and the comparison say', async () => {
    const [before, after] = [crds(from), crds(release)];
    const samples = SAMPLES[from].filter(({ resource }) => after.has(resource.kind));
    const probes = new Map([...samples].reverse().map(({ resource }) => [resource.kind, resource]));
    const known = [...before].filter(([kind]) => probes.has(kind));
    await Promise.all(known.map(([kind, crd]) => applyCrd(crd, from, probes.get(kind)!)));
    for (const { resource } of samples) {
      const { status, body } = await cluster.request(
        'POST',
        folderOf(before.get(resource.kind)!),
        renamed(resource, resource.metadata.name),
      );
      expect(status, JSON.stringify(body)).toBe(201);
    }
    const upgrade = async ([kind, crd]: [string, CrdObject]): Promise<void> => {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`;
      const { body: installed } = await cluster.request('GET', path);
      // The marker is the test's own change.
      const changes = compareCrds(installed, crd).filter((change) => change.path !== 'v1alpha1: servedBy');
      expect(changes).toEqual(compareCrds(crdOf(from, kind), crdOf(release, kind)));
      await applyCrd(crd, release, SAMPLES[release].find(({ resource }) => resource.kind === kind)!.resource);
    };
    await Promise.all([...after].filter(([kind]) => probes.has(kind)).map(upgrade));
    for (const { resource, problems } of samples) {
      const crd = after.get(resource.kind)!;
      const check = await createResourceCheck(crd, 'v1alpha1');
      const path = `${folderOf(crd)}/${resource.metadata.name}`;
      const { body: now } = await cluster.request('GET', path);
      expect(check(renamed(resource, resource.metadata.name))).toEqual(problems);
      for (const { path: lost } of problems.filter(({ problem }) => problem === 'dropped')) {
        expect(partAt(now, lost)).toBeUndefined();
      }
      const valid = problems.every(({ problem }) => problem === 'dropped');
      const created = await cluster.request('POST', `${folderOf(crd)}?dryRun=All`, renamed(resource, 'another'));
      expect(created.status, `${path}: ${JSON.stringify(created.body)}`).toBe(valid ? 201 : 422);
      const { accepted, answer } = await takes(crd, withLabel(now));
      expect(accepted, answer).toBe(foretold(check, now, withLabel(now)));
      await cluster.request('DELETE', path);
    }
  });
});
