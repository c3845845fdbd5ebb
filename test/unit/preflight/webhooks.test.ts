import { describe, expect, it } from 'vitest';
import { keyOf, refOf, type KubeObject } from '../../../src/kube/object.js';
import { coversCreation, servicesOf } from '../../../src/preflight/webhooks/configuration.js';
import { findingsAfter, findingsBefore } from '../../../src/preflight/webhooks/findings.js';
import type { CalledService, Observed } from '../../../src/preflight/webhooks/observe.js';
import { goldenObjects } from '../../e2e/install/golden.js';
import { CERTIFICATE } from '../values/certificate.js';

const CA_BUNDLE = Buffer.from(CERTIFICATE).toString('base64');
const RELEASE = { name: 'kthena', namespace: 'kthena-system' };

interface Parts {
  name?: string;
  namespace?: string;
  caBundle?: string;
  failurePolicy?: string;
  annotations?: Record<string, string>;
}

function configuration(parts: Parts = {}): KubeObject {
  const { name = 'kthena-webhook', namespace = RELEASE.namespace, annotations = {}, failurePolicy = 'Fail' } = parts;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name, annotations },
    webhooks: [
      {
        name: 'validate.example',
        failurePolicy,
        clientConfig: { caBundle: parts.caBundle ?? CA_BUNDLE, service: { namespace, name: 'webhook' } },
      },
    ],
  };
}
function observed(state: CalledService['state'], parts: Parts = {}): Observed {
  const object = configuration(parts);
  return { configuration: object, services: servicesOf(object).map((service) => ({ ...service, state })) };
}
const owned = (namespace: string): Record<string, string> => ({
  'meta.helm.sh/release-name': 'kthena',
  'meta.helm.sh/release-namespace': namespace,
});
const desired = new Map([configuration()].map((object) => [keyOf(refOf(object)), object]));
const before = (...live: Observed[]) => findingsBefore(live, desired, RELEASE);
const after = (...live: Observed[]) => findingsAfter(live, desired, RELEASE);

describe('before an install or upgrade', () => {
  it.each(['ready', 'no-endpoints', 'missing'] as const)('says nothing of the own Service, which is %s', (state) => {
    expect(before(observed(state))).toEqual([]);
  });

  it('says nothing of what the upgrade removes', () => {
    expect(before(observed('missing', { name: 'old', annotations: owned(RELEASE.namespace) }))).toEqual([]);
  });

  it('finds what another install left over, with the command that removes it', () => {
    const [finding] = before(observed('missing', { name: 'old', namespace: 'gone', annotations: owned('gone') }));
    expect(finding).toMatchObject({
      severity: 'error',
      object: { kind: 'ValidatingWebhookConfiguration', name: 'old' },
      seen: 'it refuses every Kthena resource that it covers: Service gone/webhook does not exist',
    });
    expect(finding!.hint).toContain('kubectl delete validatingwebhookconfiguration old');
  });

  it('only warns of one that the install itself would take, or that may come back', () => {
    expect(before(observed('missing', { namespace: 'gone' }))).toMatchObject([{ severity: 'warning' }]);
    expect(before(observed('no-endpoints', { name: 'old' }))).toMatchObject([{ severity: 'warning' }]);
    expect(before(observed('missing', { name: 'old', failurePolicy: 'Ignore' }))).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('in vain') },
    ]);
  });
});

describe('of what is installed', () => {
  it('is silent where a Service with endpoints and a CA is there', () => expect(after(observed('ready'))).toEqual([]));

  it.each([
    ['missing', 'kthena upgrade kthena -n kthena-system'],
    ['no-endpoints', 'kthena status kthena -n kthena-system'],
  ] as const)('finds a Service that is %s', (state, command) => {
    const [finding] = after(observed(state));
    expect(finding).toMatchObject({ severity: 'error' });
    expect(finding!.hint).toContain(command);
  });

  it('finds a configuration that another install has taken', () => {
    expect(after(observed('ready', { namespace: 'other' }))).toMatchObject([
      { severity: 'error', seen: 'it calls Service other/webhook, which is not of this release' },
    ]);
  });

  it.each([
    ['', 'is empty'],
    ['x', 'is not valid base64'],
    [Buffer.from('a text').toString('base64'), 'holds no PEM certificate'],
  ])('finds the caBundle %j', (caBundle, words) => {
    const [finding] = after(observed('ready', { caBundle }));
    expect(finding).toMatchObject({ severity: 'error', seen: expect.stringContaining(words) });
    expect(finding!.hint).toContain('kthena certs renew');
  });

  it('says who writes the caBundle where that is cert-manager', () => {
    const annotations = { 'cert-manager.io/inject-ca-from': 'kthena-system/cert' };
    expect(after(observed('ready', { caBundle: '', annotations }))[0]!.hint).toContain('cainjector');
  });

  it('finds what others left over', () => {
    expect(after(observed('ready'), observed('missing', { name: 'old' }))).toMatchObject([{ severity: 'error' }]);
  });
});

it('every kind of Kthena is covered by a webhook of the release', () => {
  const covered = (plural: string, group: string): boolean =>
    goldenObjects('default').some((object) => coversCreation(object, { group, version: 'v1alpha1', plural }));
  for (const plural of ['modelservings', 'modelboosters', 'autoscalingpolicies']) {
    expect(covered(plural, 'workload.serving.volcano.sh')).toBe(true);
  }
  for (const plural of ['modelroutes', 'modelservers']) {
    expect(covered(plural, 'networking.serving.volcano.sh')).toBe(true);
  }
  expect(covered('pods', '')).toBe(false);
});
