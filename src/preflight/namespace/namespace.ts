import { KthenaError } from '../../errors.js';
import type { KubeClient } from '../../kube/client.js';
import { refOf, type KubeObject } from '../../kube/object.js';
import type { Check, Finding, Subject } from '../check.js';
import { planned } from '../planned.js';
import { countDemand, describeExcess, excesses, podDemand } from './demand.js';
import { newObjects } from './new-objects.js';
import { rollouts, type Rollout } from './rollout.js';
import { tryPod, type Trial } from './trial.js';
import { checkNamespaceUsable } from './usable.js';

/** What the namespace has against pods only its admission knows: it is asked, wherever the namespace exists. */
export const namespace: Check = {
  id: 'namespace',
  title: 'the namespace, and whether it takes the pods',
  when: 'before',
  run: async (subject, { client }) => {
    const found = await client.get({ apiVersion: 'v1', kind: 'Namespace', name: subject.release.namespace });
    const unusable = usableFinding(found, subject);
    if (unusable !== undefined) return [unusable];
    if (found === undefined) return [];
    const [plan, quotas] = await Promise.all([planned(subject), quotasIn(client, subject.release.namespace)]);
    const tried = await Promise.all(
      rollouts(subject.objects, plan).map(async (rollout) => ({ rollout, trial: await tryPod(client, rollout.pod) })),
    );
    return [
      ...tried.flatMap(({ rollout, trial }) => trialFindings(rollout, trial)),
      ...quotaFindings(quotas, [
        ...(tried.some(({ trial }) => isAboutQuota(trial)) ? [] : podDemandOf(tried)),
        ...(quotas.length === 0 ? [] : countDemand(await newObjects(client, subject, plan))),
      ]),
    ];
  },
};

function usableFinding(found: KubeObject | undefined, subject: Subject): Finding | undefined {
  try {
    checkNamespaceUsable(found, subject);
    return undefined;
  } catch (error) {
    if (!(error instanceof KthenaError)) throw error;
    return { severity: 'error', seen: error.message, hint: error.hint! };
  }
}

/** Whoever may not read them is still told by the trial of single pods. */
async function quotasIn(client: KubeClient, name: string): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  try {
    for await (const quota of client.list({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: name }))
      found.push(quota);
  } catch (error) {
    if (!(error instanceof KthenaError) || error.code !== 'forbidden') throw error;
  }
  return found;
}

interface Tried {
  rollout: Rollout;
  trial: Trial;
}

function trialFindings({ deployment, added, needsRoom }: Rollout, { refusal, untried, warnings }: Trial): Finding[] {
  const object = refOf(deployment);
  const said = warnings.map((text): Finding => ({
    severity: 'info',
    object,
    seen: `its pods: ${text}`,
    hint: hintFor(text, object.namespace),
  }));
  if (untried !== undefined) {
    return [...said, { severity: 'info', object, seen: `its pods could not be tried: ${untried}`, hint: UNTRIED }];
  }
  if (refusal === undefined) return said;
  const severity = isPolicy(refusal) || isPassing(refusal, { added, needsRoom }) ? 'warning' : 'error';
  return [
    ...said,
    { severity, object, seen: `its pods would be refused: ${refusal}`, hint: hintFor(refusal, object.namespace) },
  ];
}

/** Those of the cluster's owner may want of a pod that a controller makes it: what they say of this one need not count. */
function isPolicy(refusal: string): boolean {
  return /^(admission webhook "|ValidatingAdmissionPolicy )/.test(refusal);
}

/** Where old pods go before new ones come, they make room. */
function isPassing(refusal: string, { added, needsRoom }: Pick<Rollout, 'added' | 'needsRoom'>): boolean {
  return refusal.startsWith('exceeded quota') && added === 0 && !needsRoom;
}

const UNTRIED =
  'Pod security, limit ranges and quotas of the namespace were not looked at; kubectl describe namespace shows them.';

function hintFor(said: string, name = ''): string {
  if (said.includes('PodSecurity')) {
    return `Give the containers the securityContext it asks for (workload.controllerManager.securityContext, networking.kthenaRouter.securityContext), or the namespace another level: kubectl label namespace ${name} pod-security.kubernetes.io/enforce=baseline --overwrite.`;
  }
  if (said.startsWith('exceeded quota') || said.startsWith('failed quota')) return quotaHint(name);
  if (/(minimum|maximum) .* usage per|limit to request ratio/.test(said)) {
    return `Set resources within the limits (workload.controllerManager.resource, networking.kthenaRouter.resource); kubectl describe limitrange -n ${name} shows them.`;
  }
  return 'What refuses them says why: change the values, or what is set up in the cluster.';
}

function quotaHint(name: string): string {
  return `Raise the quota, or set fewer replicas or other resources (workload.controllerManager, networking.kthenaRouter); kubectl describe quota -n ${name} shows it.`;
}

function isAboutQuota({ refusal = '' }: Trial): boolean {
  return /^(exceeded|failed) quota/.test(refusal);
}

function podDemandOf(tried: readonly Tried[]): Iterable<[string, bigint]> {
  const pods = tried.flatMap(({ rollout, trial: { pod } }) =>
    pod === undefined ? [] : [{ pod, count: rollout.added }],
  );
  return podDemand(pods);
}

function quotaFindings(quotas: readonly KubeObject[], demand: readonly [string, bigint][]): Finding[] {
  const found = excesses(new Map(demand), quotas);
  return quotas.flatMap((quota): Finding[] => {
    const lines = found.filter((one) => one.quota === quota.metadata.name).map(describeExcess);
    if (lines.length === 0) return [];
    const seen = `it leaves too little\n${lines.join('\n')}`;
    return [{ severity: 'error', object: refOf(quota), seen, hint: quotaHint(quota.metadata.namespace ?? '') }];
  });
}
