import { describe, expect, it } from 'vitest';
import { loadBuiltInBundle } from '../../../src/bundle/built-in.js';
import { isOlderThanSecret } from '../../../src/certs/staleness.js';
import { certificateUses } from '../../../src/certs/uses.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { render } from '../../../src/render/render.js';
import { mergeValues } from '../../../src/values/merge.js';
import type { Values } from '../../../src/values/value.js';

const bundle = await loadBuiltInBundle();

function usesWith(values: Values): ReturnType<typeof certificateUses> {
  const merged = mergeValues(bundle.defaults as Values, values);
  const { objects } = render(bundle, merged, { name: 'kthena', namespace: 'models' });
  return certificateUses(objects.map(({ object }) => object));
}

describe('the certificates of a release', () => {
  it('are those of its webhooks', () => {
    expect(usesWith({}).map(({ for: purpose, secret, names }) => [purpose, secret.name, names])).toEqual([
      ['webhooks', 'kthena-controller-manager-webhook-certs', ['kthena-controller-manager-webhook.models.svc']],
      ['webhooks', 'kthena-router-webhook-certs', ['kthena-router-webhook.models.svc']],
    ]);
  });

  it.each([
    ['auto', 'manual'],
    ['cert-manager', 'cert-manager'],
  ])("and that of the router's port, which in mode %s is made as in mode %s", (certManagementMode, mode) => {
    const tls = { enabled: true, secretName: 'own' };
    const uses = usesWith({ global: { certManagementMode }, networking: { kthenaRouter: { tls, port: 9090 } } });
    expect(uses).toHaveLength(3);
    expect(uses.find((use) => use.for === 'router')).toEqual({
      for: 'router',
      secret: { apiVersion: 'v1', kind: 'Secret', namespace: 'models', name: 'own' },
      deployment: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'models', name: 'kthena-router' },
      mode,
      names: [],
      configurations: [],
      podPort: 9090,
    });
  });
});

describe('a pod beside its Secret', () => {
  const container = (startedAt: string) => ({ name: 'server', state: { running: { startedAt } } });

  function pod(...containerStatuses: object[]): KubeObject {
    const volumes = [{ name: 'certs', secret: { secretName: 'own' } }];
    const containers = [
      { name: 'server', volumeMounts: [{ name: 'certs', mountPath: '/etc/tls' }] },
      { name: 'sidecar' },
    ];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod' },
      spec: { containers, volumes },
      status: { containerStatuses },
    };
  }

  /** Created at 10:00; its data was written at 12:00, and a label later. */
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'own',
      creationTimestamp: '2026-11-23T10:00:00Z',
      managedFields: [
        { manager: 'kthena', operation: 'Update', time: '2026-11-23T12:00:00Z', fieldsV1: { 'f:data': {} } },
        { manager: 'kubectl', operation: 'Update', time: '2026-11-23T15:00:00Z', fieldsV1: { 'f:metadata': {} } },
      ],
    },
  };

  it.each([
    ['2026-11-23T11:59:59Z', true],
    ['2026-11-23T12:00:00Z', false],
    ['2026-11-23T14:00:00Z', false],
  ])('that started at %s is older than what the Secret holds: %s', (startedAt, isOlder) => {
    expect(isOlderThanSecret(pod(container(startedAt)), secret)).toBe(isOlder);
  });

  it('counts by the container that reads the Secret', () => {
    const sidecar = { name: 'sidecar', state: { running: { startedAt: '2026-11-23T09:00:00Z' } } };
    expect(isOlderThanSecret(pod(container('2026-11-23T13:00:00Z'), sidecar), secret)).toBe(false);
    expect(isOlderThanSecret(pod({ name: 'server', state: { waiting: {} } }), secret)).toBe(false);
  });

  it('counts from when the Secret was made where nothing else is known', () => {
    const { managedFields: _, ...metadata } = secret.metadata;
    const bare = { ...secret, metadata };
    expect(isOlderThanSecret(pod(container('2026-11-23T09:59:00Z')), bare)).toBe(true);
    expect(isOlderThanSecret(pod(container('2026-11-23T10:01:00Z')), bare)).toBe(false);
  });
});
