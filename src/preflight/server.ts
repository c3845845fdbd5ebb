import type { Check, Finding } from './check.js';

/** Minor versions of Kubernetes 1: the oldest that is supported, and the one of the tests. */
const OLDEST = 29;
const TESTED = 34;

/** That the server answers at all, the framework of the checks reports under this one's name. */
export const server: Check = {
  id: 'server',
  title: 'the API server answers, and its version is supported',
  when: 'always',
  run: async (_, { client }) => versionFindings(await client.read('/version'), client.server),
};

/**
 * @param answer to `/version`
 * @param address of the server, for messages
 */
export function versionFindings(answer: unknown, address: string): Finding[] {
  const text = (answer as { gitVersion?: unknown } | null)?.gitVersion;
  // Distributions put more behind it: v1.34.1-eks-113cf36, v1.34.1+k3s1.
  const [, major, minor] = (typeof text === 'string' ? /^v(\d+)\.(\d+)/.exec(text) : null) ?? [];
  if (major === undefined || minor === undefined) {
    return [
      {
        severity: 'warning',
        seen: `${address} does not say which version of Kubernetes it is`,
        hint: 'Look whether it is the API server, and not something else at its address: kubectl version.',
      },
    ];
  }
  const version = Number(major) === 1 ? Number(minor) : Infinity;
  if (version < OLDEST) {
    return [
      {
        severity: 'error',
        seen: `the cluster runs Kubernetes ${text as string}, which is too old`,
        hint: `Kthena needs Kubernetes 1.${OLDEST} or later: upgrade the cluster.`,
      },
    ];
  }
  if (version <= TESTED) return [];
  return [
    {
      severity: 'info',
      seen: `the cluster runs Kubernetes ${text as string}, which is newer than what this tool was tested with`,
      hint: `Nothing need be wrong; it was tested with 1.${TESTED}.`,
    },
  ];
}
