import { keyOf, refOf, type KubeObject } from '../../kube/object.js';
import type { Change } from '../../plan/plan.js';
import type { PlannedChanges } from '../check.js';

/** Pods that a Deployment is going to have and does not have yet. */
export interface Rollout {
  deployment: KubeObject;
  /** As the Deployment would create it. */
  pod: KubeObject;
  /** How many there are to be more than now. */
  added: number;
  /** Running pods are replaced, and none goes before a new one is there: without room for one more it does not get ahead. */
  needsRoom: boolean;
}

interface DeploymentSpec {
  replicas?: number;
  strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string } };
  template: { metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }; spec: PodSpec };
}

interface PodSpec {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  [key: string]: unknown;
}

/**
 * The Deployments that get new pods. One of which neither pods nor their number change is left out: what runs may stay, whatever
 * the namespace would say of it today.
 *
 * @param plan without it every Deployment counts as new
 */
export function rollouts(objects: readonly KubeObject[], plan: PlannedChanges | undefined): Rollout[] {
  const changes = new Map(plan?.found.objects.changes.map((change) => [keyOf(refOf(change.object)), change]));
  return objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((deployment) => rolloutOf(deployment, changes.get(keyOf(refOf(deployment)))) ?? []);
}

function rolloutOf(deployment: KubeObject, change: Change | undefined): Rollout | undefined {
  const spec = deployment['spec'] as DeploymentSpec;
  const pod = podOf(deployment, spec);
  const wanted = spec.replicas ?? 1;
  switch (change?.action) {
    case 'unchanged':
    case 'delete':
      return undefined;
    case 'update':
    case 'adopt': {
      const replicas = change.differences.find(({ path }) => path === 'spec.replicas');
      const added = replicas === undefined ? 0 : Math.max(0, Number(replicas.after) - Number(replicas.before));
      const replaces = change.differences.some(({ path }) => path.startsWith('spec.template.'));
      if (!replaces && added === 0) return undefined;
      return { deployment, pod, added, needsRoom: replaces && keepsAll(spec) };
    }
    default:
      return { deployment, pod, added: wanted, needsRoom: false };
  }
}

/**
 * With its own name and without its service account, which may not exist yet: the API server would refuse it for that, and look at
 * nothing else.
 */
function podOf({ metadata }: KubeObject, { template }: DeploymentSpec): KubeObject {
  const { serviceAccountName: _, ...spec } = template.spec;
  const { labels, annotations } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${metadata.name}-check`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: { ...spec, automountServiceAccountToken: false },
  };
}

/** By default a quarter of the pods, rounded down, may be missing during a rollout. */
function keepsAll({ replicas = 1, strategy }: DeploymentSpec): boolean {
  if (strategy?.type === 'Recreate') return false;
  const limit = strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const missing = typeof limit === 'number' ? limit : Math.floor((replicas * Number.parseInt(limit, 10)) / 100);
  return missing === 0;
}
