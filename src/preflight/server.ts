import { gte, lt, parse } from 'semver';
import type { Check, Finding } from './check.js';

const OLDEST = '1.29.0';
/** The first one that the tests have not seen. */
const UNTESTED = '1.35.0';

/** That the server answers at all is found out by whoever runs the checks, and reported under the name of this one. */
export const server: Check = {
  id: 'server',
  title: 'the API server and its version',
  when: 'always',
  run: async (_, { client }) => versionFindings(await client.read('/version'), client.server),
};

/**
 * @param answer to `/version`
 * @param address of the server, for messages
 */
export function versionFindings(answer: unknown, address: string): Finding[] {
  const text = String((answer as { gitVersion?: unknown } | null)?.gitVersion);
  // Distributions put more behind it: v1.34.1-eks-113cf36, v1.34.1+k3s1; and what comes before a release is that release here.
  const version = parse(/^v\d+\.\d+\.\d+/.exec(text)?.[0]);
  if (version === null) {
    return [
      {
        severity: 'warning',
        seen: `${address} does not say which version of Kubernetes it is`,
        hint: 'Look whether it is the API server, and not something else at its address: kubectl version.',
      },
    ];
  }
  if (lt(version, OLDEST)) {
    return [
      {
        severity: 'error',
        seen: `the cluster runs Kubernetes ${text}, which is too old`,
        hint: 'Kthena needs Kubernetes 1.29 or later: upgrade the cluster.',
      },
    ];
  }
  if (!gte(version, UNTESTED)) return [];
  return [
    {
      severity: 'info',
      seen: `the cluster runs Kubernetes ${text}, which is newer than what this tool was tested with`,
      hint: 'Nothing need be wrong; it was tested with 1.34.',
    },
  ];
}
