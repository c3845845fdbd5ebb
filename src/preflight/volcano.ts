import type { KubeObject } from '../kube/object.js';
import type { Check, Finding } from './check.js';
import { crdProblem, findCrds, type FoundCrd } from './needed-crds.js';

const GROUP = 'scheduling.volcano.sh';
/** The version that the controller manager makes PodGroups in. */
const POD_GROUPS = { name: `podgroups.${GROUP}`, version: 'v1beta1' };

/** Volcano, which schedules the pods of a ModelServing as one: Kthena runs without it, and models may. */
export const volcano: Check = {
  id: 'volcano',
  title: 'Volcano, for gang scheduling',
  when: 'always',
  run: async ({ objects }, { client }) => {
    if (!objects.some(usesPodGroups)) return [];
    return (await findCrds(client, [POD_GROUPS])).flatMap(volcanoFindings);
  },
};

/** A role that may handle PodGroups is the controller manager's. */
function usesPodGroups({ kind, rules }: KubeObject): boolean {
  return (
    kind === 'ClusterRole' &&
    ((rules ?? []) as { apiGroups?: string[] }[]).some(({ apiGroups = [] }) => apiGroups.includes(GROUP))
  );
}

export function volcanoFindings(podGroups: FoundCrd): Finding[] {
  const problem = crdProblem(podGroups);
  if (problem === undefined) return [];
  return [
    {
      severity: 'info',
      seen: `CRD ${podGroups.name} is ${problem}: gangPolicy and networkTopology of ModelServings have no effect`,
      hint: 'Install Volcano if models are to start as a whole or not at all. Without it, ModelServings need another schedulerName than their default, volcano, such as default-scheduler.',
    },
  ];
}
