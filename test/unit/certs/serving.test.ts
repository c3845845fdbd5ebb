import { describe, expect, it } from 'vitest';
import { loadBuiltInBundle } from '../../../src/bundle/built-in.js';
import { servedWebhooks } from '../../../src/certs/serving.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { render } from '../../../src/render/render.js';
import { mergeValues } from '../../../src/values/merge.js';
import type { Values } from '../../../src/values/value.js';

const bundle = await loadBuiltInBundle();
const VALIDATING = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };
const MUTATING = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };

function objectsWith(values: Values = {}): KubeObject[] {
  const merged = mergeValues(bundle.defaults as Values, values);
  const { objects } = render(bundle, merged, { name: 'kthena', namespace: 'models' });
  return objects.map(({ object }) => object);
}

describe('servedWebhooks', () => {
  it('finds what serves the webhooks of the built-in bundle, and with which Secret', () => {
    const served = servedWebhooks(objectsWith());
    expect(served).toHaveLength(2);
    expect(served).toContainEqual({
      service: { name: 'kthena-router-webhook', namespace: 'models' },
      configurations: [
        {
          ...VALIDATING,
          name: 'kthena-router-validating-webhook',
          webhooks: ['validate-modelroute.volcano.sh', 'validate-modelserver.volcano.sh'],
        },
      ],
      deployment: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'models', name: 'kthena-router' },
      secret: { apiVersion: 'v1', kind: 'Secret', namespace: 'models', name: 'kthena-router-webhook-certs' },
      serverName: 'kthena-router-webhook.models.svc',
      names: ['kthena-router-webhook.models.svc', 'kthena-router-webhook.models.svc.cluster.local'],
      mode: 'auto',
      podPort: 8443,
    });
    const manager = served.find(({ service }) => service.name === 'kthena-controller-manager-webhook');
    expect(manager?.configurations).toMatchObject([
      { ...MUTATING, name: 'kthena-controller-manager-mutating-webhook' },
      { ...VALIDATING, name: 'kthena-controller-manager-validating-webhook' },
    ]);
    expect(manager?.secret.name).toBe('kthena-controller-manager-webhook-certs');
  });

  it('follows names and ports that the values change', () => {
    const webhook = { port: 9443, servicePort: 8444, tls: { secretName: 'own-secret', serviceName: 'own-service' } };
    const served = servedWebhooks(objectsWith({ networking: { kthenaRouter: { webhook } } }));
    expect(served.find(({ deployment }) => deployment.name === 'kthena-router')).toMatchObject({
      service: { name: 'own-service' },
      secret: { name: 'own-secret' },
      podPort: 9443,
    });
  });

  it("tells the webhook's Secret from that of the router's own port", () => {
    const served = servedWebhooks(objectsWith({ networking: { kthenaRouter: { tls: { enabled: true } } } }));
    expect(served.map(({ secret }) => secret.name)).toContain('kthena-router-webhook-certs');
  });

  it.each([
    ['auto', {}],
    ['cert-manager', { certManagementMode: 'cert-manager' }],
    ['manual', { certManagementMode: 'manual', webhook: { caBundle: 'QUJD' } }],
  ])('sees mode %s in the objects', (mode, global) => {
    expect(servedWebhooks(objectsWith({ global })).map((served) => served.mode)).toEqual([mode, mode]);
  });

  it('finds only what is switched on', () => {
    const off = { webhook: { enabled: false } };
    expect(servedWebhooks(objectsWith({ networking: { kthenaRouter: off } }))).toHaveLength(1);
    expect(
      servedWebhooks(objectsWith({ networking: { kthenaRouter: off }, workload: { controllerManager: off } })),
    ).toEqual([]);
  });

  it('leaves out what other objects serve, and webhooks behind a URL', () => {
    const objects = objectsWith();
    const without = (kind: string): KubeObject[] => objects.filter((object) => object.kind !== kind);
    expect(servedWebhooks(without('Service'))).toEqual([]);
    expect(servedWebhooks(without('Deployment'))).toEqual([]);
    const elsewhere = {
      ...VALIDATING,
      metadata: { name: 'elsewhere' },
      webhooks: [{ name: 'a.b.c', clientConfig: { url: 'https://example.com' } }],
    };
    expect(servedWebhooks([elsewhere])).toEqual([]);
  });

  it('finds the port of a pod by its name', () => {
    const objects = objectsWith().map((object) => {
      if (object.kind !== 'Service') return object;
      const spec = object['spec'] as { ports: { targetPort: unknown }[] };
      return { ...object, spec: { ...spec, ports: spec.ports.map((port) => ({ ...port, targetPort: 'webhook' })) } };
    });
    const router = servedWebhooks(objects).find(({ deployment }) => deployment.name === 'kthena-router');
    expect(router?.podPort).toBe(8443);
  });
});
