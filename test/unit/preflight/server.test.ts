import { describe, expect, it } from 'vitest';
import { versionFindings } from '../../../src/preflight/server.js';

const severities = (answer: unknown): string[] =>
  versionFindings(answer, 'https://server:6443').map(({ severity }) => severity);

describe('the version of the cluster', () => {
  it.each(['v1.29.0', 'v1.29.0-rc.1', 'v1.31.4-eks-113cf36', 'v1.34.1+k3s1', 'v1.34.0-gke.100'])(
    '%s is supported',
    (gitVersion) => expect(severities({ gitVersion })).toEqual([]),
  );

  it.each(['v1.28.15', 'v1.9.0', 'v0.21.4'])('%s is too old', (gitVersion) => {
    expect(versionFindings({ gitVersion }, 'https://server:6443')).toEqual([
      {
        severity: 'error',
        seen: `the cluster runs Kubernetes ${gitVersion}, which is too old`,
        hint: 'Kthena needs Kubernetes 1.29 or later: upgrade the cluster.',
      },
    ]);
  });

  it.each(['v1.35.0', 'v1.40.2+rke2r1', 'v2.0.0'])(
    '%s is newer than what was tested, which blocks nothing',
    (gitVersion) => expect(severities({ gitVersion })).toEqual(['info']),
  );

  it.each([{}, null, 'OK', { gitVersion: 5 }, { gitVersion: 'latest' }])(
    '%j is no version, which is a warning',
    (answer) => expect(severities(answer)).toEqual(['warning']),
  );
});
