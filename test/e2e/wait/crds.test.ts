import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { refOf, type KubeObject } from '../../../src/kube/object.js';
import { waitUntilServed } from '../../../src/wait/crds.js';
import { waitUntilGone } from '../../../src/wait/deletion.js';
import { testClient } from './setup.js';

const limits = (timeoutMs = 20_000, signal = new AbortController().signal) => ({ timeoutMs, signal });

const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
};

/** A CRD of a group nobody else uses; the first version is the stored one. */
function crd(group: string, kind: string, versions = ['v1alpha1'], plural = `${kind.toLowerCase()}s`): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: plural.slice(0, -1) },
      versions: versions.map((name, index) => ({ name, served: true, storage: index === 0, schema })),
    },
  };
}

async function applyCrds(client: KubeClient, ...crds: KubeObject[]): Promise<KubeObject[]> {
  const applied = await Promise.all(crds.map((object) => client.apply(object, { fieldManager: 'test' })));
  onTestFinished(async () => void (await Promise.all(crds.map((object) => client.delete(refOf(object))))));
  return applied;
}

const newGroup = () => `g${randomBytes(4).toString('hex')}.example.com`;

describe('waitUntilServed', () => {
  it('ends when objects of the kinds can be created, and does so fast', async () => {
    const client = await testClient();
    const group = newGroup();
    const crds = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon'].map((kind) => crd(group, kind));
    const applied = await applyCrds(client, ...crds);
    const start = performance.now();
    expect(await waitUntilServed(client, applied, limits())).toEqual({ outcome: 'ready', notReady: [] });
    expect(performance.now() - start).toBeLessThan(1_500);
    const resources = crds.map(({ spec }) => ({
      apiVersion: `${group}/v1alpha1`,
      kind: (spec as { names: { kind: string } }).names.kind,
      metadata: { name: 'x', namespace: 'default' },
    }));
    // The API server itself holds each creation back for two seconds where the CRD is younger than that.
    await Promise.all(resources.map((resource) => client.create(resource, { fieldManager: 'test' })));
  });

  it('takes CRDs as they are written, and those that are served already', async () => {
    const client = await testClient();
    const written = crd(newGroup(), 'Alpha');
    await applyCrds(client, written);
    expect((await waitUntilServed(client, [written], limits())).outcome).toBe('ready');
    expect((await waitUntilServed(client, [written], limits())).outcome).toBe('ready');
    expect((await waitUntilServed(client, [], limits())).outcome).toBe('ready');
  });

  it('waits for a version that is added', async () => {
    const client = await testClient();
    const group = newGroup();
    const [before] = await applyCrds(client, crd(group, 'Alpha'));
    await waitUntilServed(client, [before!], limits());
    expect(await client.resource(`${group}/v1`, 'Alpha')).toBeUndefined();
    const after = await client.apply(crd(group, 'Alpha', ['v1alpha1', 'v1']), { fieldManager: 'test' });
    expect((await waitUntilServed(client, [after], limits())).outcome).toBe('ready');
    const resource: KubeObject = {
      apiVersion: `${group}/v1`,
      kind: 'Alpha',
      metadata: { name: 'x', namespace: 'default' },
    };
    expect((await client.create(resource, { fieldManager: 'test' })).apiVersion).toBe(`${group}/v1`);
  });

  it('gives up on names that are taken', async () => {
    const client = await testClient();
    const group = newGroup();
    const [first] = await applyCrds(client, crd(group, 'Alpha'));
    await waitUntilServed(client, [first!], limits());
    const [second] = await applyCrds(client, crd(group, 'Alpha', ['v1alpha1'], 'others'));
    const { outcome, notReady } = await waitUntilServed(client, [second!], limits());
    expect(outcome).toBe('failed');
    expect(notReady).toMatchObject([
      {
        ref: { name: `others.${group}` },
        status: { state: 'failed', message: expect.stringMatching(/names not accepted: .*in use/) as string },
      },
    ]);
  });

  it('names a CRD that does not exist at the timeout', async () => {
    const { outcome, notReady } = await waitUntilServed(await testClient(), [crd(newGroup(), 'Alpha')], limits(300));
    expect(outcome).toBe('timeout');
    expect(notReady).toMatchObject([{ status: { state: 'missing' } }]);
  });
});

describe('waitUntilGone', () => {
  it('sees resources go with their CRD', async () => {
    const client = await testClient();
    const group = newGroup();
    const [definition] = await applyCrds(client, crd(group, 'Alpha'));
    await waitUntilServed(client, [definition!], limits());
    const resource: KubeObject = {
      apiVersion: `${group}/v1alpha1`,
      kind: 'Alpha',
      metadata: { name: 'x', namespace: 'default' },
    };
    await client.create(resource, { fieldManager: 'test' });
    const waiting = waitUntilGone(client, [refOf(resource), refOf(definition!)], limits());
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.delete(refOf(definition!));
    expect(await waiting).toEqual({ outcome: 'gone', remaining: [] });
  });
});
