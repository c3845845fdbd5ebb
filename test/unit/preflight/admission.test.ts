import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { ApiError } from '../../../src/kube/api-error.js';
import type { KubeClient } from '../../../src/kube/client.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { admissionFindings } from '../../../src/preflight/admission/findings.js';
import { sampleObject, SAMPLES } from '../../../src/preflight/admission/samples.js';
import { tryToCreate, type Outcome } from '../../../src/preflight/admission/trial.js';
import type { CallFailure } from '../../../src/preflight/webhook-answer.js';

const RELEASE = { name: 'kthena', namespace: 'serving' };
const configuration = (name: string, service: string, ...webhooks: string[]): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: webhooks.map((webhook) => ({
    name: webhook,
    clientConfig: { service: { namespace: 'serving', name: service } },
  })),
});
const CONFIGURATIONS = [
  configuration('routes', 'router-webhook', 'route', 'server'),
  configuration('models', 'manager-webhook', 'model'),
];

const failed = (webhook: string, cause: CallFailure): Outcome => ({
  type: 'failed',
  webhook,
  cause,
  said: `${cause}!`,
});
const findings = (outcomes: Record<string, Outcome>) =>
  admissionFindings(
    Object.entries(outcomes).map(([kind, outcome]) => ({ kind, outcome })),
    CONFIGURATIONS,
    RELEASE,
  );

describe('what trials of all kinds say', () => {
  it('is nothing where all are admitted', () => {
    expect(findings({ ModelRoute: { type: 'admitted' }, ModelServer: { type: 'admitted' } })).toEqual([]);
  });

  it('is one error for kinds that fail for the same cause at the same Service', () => {
    const found = findings({
      ModelRoute: failed('route', 'expired'),
      ModelServer: failed('server', 'expired'),
      ModelServing: failed('model', 'expired'),
    });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({
      severity: 'error',
      object: { name: 'routes' },
      seen: 'no ModelRoute or ModelServer can be created, since the call of webhook route fails: its certificate has expired (expired!)',
    });
    expect(found[0]!.hint).toContain('kthena certs renew kthena -n serving');
  });

  it.each<[CallFailure, string]>([
    ['no-service', 'kthena upgrade kthena -n serving'],
    ['no-endpoints', 'kthena status kthena -n serving'],
    ['unknown-authority', 'kthena certs status kthena -n serving'],
    ['wrong-name', 'kthena certs renew kthena -n serving'],
    ['not-yet-valid', 'clocks'],
    ['timeout', 'NetworkPolicy'],
    ['other', 'serving/router-webhook'],
  ])('has a hint of its own for %s', (cause, words) => {
    expect(findings({ ModelRoute: failed('route', cause) })[0]!.hint).toContain(words);
  });

  it('takes a refusal by a webhook of the release for an answer', () => {
    expect(findings({ ModelRoute: { type: 'denied', webhook: 'route', said: 'no' } })).toMatchObject([
      { severity: 'info' },
    ]);
  });

  it('warns where a webhook of others keeps a kind out', () => {
    expect(findings({ ModelRoute: { type: 'denied', webhook: 'policy.example', said: 'no' } })).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('policy.example') },
    ]);
  });

  it('warns once of kinds that the user may not create', () => {
    const refused: Outcome = { type: 'refused', forbidden: true, said: 'bob cannot create it' };
    expect(findings({ ModelRoute: refused, ModelServer: refused })).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('ModelRoute, ModelServer: bob cannot') },
    ]);
  });
});

describe('a trial', () => {
  const sample = sampleObject(SAMPLES[0]!, 'serving');
  const against = (error: Error) =>
    tryToCreate({ create: () => Promise.reject(error) } as unknown as KubeClient, sample);

  it('is admitted where the name is taken: that is looked at last', async () => {
    expect(await against(new ApiError('conflict', 'exists', { status: 409, reason: 'AlreadyExists' }))).toEqual({
      type: 'admitted',
    });
  });

  it('is refused by the API server with all that it says', async () => {
    const error = new ApiError('cluster', 'it is invalid (422).', { status: 422, details: ['spec.a: Required value'] });
    expect(await against(error)).toEqual({
      type: 'refused',
      forbidden: false,
      said: 'it is invalid (422); spec.a: Required value',
    });
  });

  it.each(['unreachable', 'interrupted'] as const)(
    'does not speak of webhooks where the server is %s',
    async (code) => {
      await expect(against(new KthenaError(code, 'gone'))).rejects.toThrow('gone');
    },
  );
});
