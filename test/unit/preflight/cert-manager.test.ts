import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Outcome } from '../../../src/preflight/admission/trial.js';
import { callHint, crdFindings, programFindings, trialFindings } from '../../../src/preflight/cert-manager/findings.js';
import type { CallFailure } from '../../../src/preflight/webhook-answer.js';

const ISSUER: KubeObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name: 'kthena-issuer', namespace: 'kthena-system' },
};

describe('the CRDs', () => {
  const name = 'issuers.cert-manager.io';

  it('are missing: how to get on is said', () => {
    const [finding] = crdFindings([{ name, version: 'v1', crd: undefined }]);
    expect(finding).toMatchObject({
      severity: 'error',
      seen: expect.stringContaining('cert-manager is not installed'),
    });
    expect(finding!.hint).toContain('global.certManagementMode=auto');
  });

  it('are of a version that is too old', () => {
    const crd = {
      spec: { versions: [{ name: 'v1alpha2', served: true }] },
      metadata: { name },
    } as unknown as KubeObject;
    const [finding] = crdFindings([{ name, version: 'v1', crd }]);
    expect(finding!.seen).toBe(`CRD ${name} is not served as v1, only as v1alpha2`);
    expect(finding!.hint).toContain('1.0 or later');
  });
});

describe('the trial of an object of the release', () => {
  it.each<[Outcome, string[]]>([
    [{ type: 'admitted' }, []],
    [{ type: 'denied', webhook: 'w', said: 'no' }, ['error']],
    [{ type: 'failed', webhook: 'w', cause: 'timeout', said: 'deadline' }, ['error']],
    [{ type: 'refused', forbidden: true, said: 'you may not' }, ['warning']],
    [{ type: 'refused', forbidden: false, said: 'quota' }, ['warning']],
  ])('%o: %s', (outcome, severities) => {
    expect(trialFindings(ISSUER, outcome).map(({ severity }) => severity)).toEqual(severities);
  });

  it.each<[CallFailure, string]>([
    ['no-service', 'install it again'],
    ['no-endpoints', 'name=webhook'],
    ['unknown-authority', 'cainjector'],
    ['expired', 'cainjector'],
    ['timeout', 'port 10250'],
    ['bad-answer', 'log'],
  ])('has a hint of its own for %s', (cause, words) => expect(callHint(cause)).toContain(words));
});

describe('the programs', () => {
  const deployment = (program: string, replicas: number, available: number): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: program, namespace: 'cert-manager', labels: { 'app.kubernetes.io/name': program } },
    spec: { replicas },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, availableReplicas: available },
  });

  it('are silent where both are available', () => {
    expect(programFindings([deployment('cert-manager', 1, 1), deployment('cainjector', 2, 2)])).toEqual([]);
  });

  it.each([
    ['that is not available', deployment('cainjector', 1, 0)],
    ['that is scaled to 0', deployment('cainjector', 0, 0)],
  ])('warn of one %s', (_, cainjector) => {
    expect(programFindings([deployment('cert-manager', 1, 1), cainjector])).toMatchObject([
      { severity: 'warning', object: { namespace: 'cert-manager', name: 'cainjector' } },
    ]);
  });

  it('may run under other labels', () => {
    expect(programFindings([])).toMatchObject([{ severity: 'warning' }, { severity: 'warning' }]);
  });
});
