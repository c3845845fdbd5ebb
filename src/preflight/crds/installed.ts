import { compareCrds } from '../../crds/compare/compare.js';
import { counted } from '../../crds/counted.js';
import { isDowngrade } from '../../crds/direction.js';
import { ApiError } from '../../kube/api-error.js';
import type { KubeClient } from '../../kube/client.js';
import { refOf, type KubeObject } from '../../kube/object.js';
import { tryGet } from '../../plan/observe.js';
import { PREDECESSORS } from '../../plan/take-over.js';
import { statusOf } from '../../wait/status.js';
import type { Finding } from '../check.js';

const OWN_MANAGER = 'kthena';

/** How a CRD of the cluster stands to that of the bundle; undefined where there is nothing to say. */
export async function installedCrdFinding(client: KubeClient, wanted: KubeObject): Promise<Finding | undefined> {
  const object = refOf(wanted);
  const live = await tryGet(client, object);
  if (live instanceof ApiError) {
    return { severity: 'warning', object, seen: live.message, hint: 'Run the check as somebody who may read it.' };
  }
  if (live === undefined) {
    return { severity: 'error', object, seen: 'it is missing', hint: 'kthena crds upgrade makes it again.' };
  }
  const found = crdProblem(live, wanted);
  return found === undefined ? undefined : { object, ...found };
}

function crdProblem(live: KubeObject, wanted: KubeObject): Omit<Finding, 'object'> | undefined {
  if (live.metadata.deletionTimestamp !== undefined) {
    return {
      severity: 'error',
      seen: 'it is being deleted, and with it every resource of its kind',
      hint: 'When it is gone, kthena crds upgrade makes it again; kthena crds restore brings resources of a backup back.',
    };
  }
  const status = statusOf(live);
  if (status.state !== 'ready') {
    return { severity: 'error', seen: status.message, hint: 'kubectl describe crd shows the conditions of it.' };
  }
  const changes = compareCrds(live, wanted);
  const others = otherManagers(live);
  const by = others.length === 0 ? '' : `; ${others.join(', ')} changed it`;
  if (changes.length === 0) return others.length === 0 ? undefined : managedFinding(others);
  if (isDowngrade(live, wanted, OWN_MANAGER)) {
    return {
      severity: 'warning',
      seen: `it is newer than that of this tool's bundle${by}`,
      hint: 'Use the version of kthena that it came with; kthena crds diff shows what differs.',
    };
  }
  return {
    severity: 'warning',
    seen: `it is older than that of this tool's bundle, or changed: ${counted(changes.length, 'change')} ahead${by}`,
    hint: 'kthena crds diff shows the changes, kthena crds upgrade makes them.',
  };
}

/** Two tools that both apply a CRD take turns in changing it. */
function managedFinding(managers: readonly string[]): Omit<Finding, 'object'> {
  return {
    severity: 'info',
    seen: `${managers.join(', ')} manages it as well`,
    hint: 'An upgrade may be undone by it: leave the CRDs to one tool, with --skip-crds if that is the other one.',
  };
}

/** Who wrote to the spec, but for this tool and those whose place it takes. */
function otherManagers({ metadata }: KubeObject): string[] {
  const entries = (metadata.managedFields ?? []).filter(
    ({ manager, subresource, fieldsV1 }) =>
      subresource === undefined &&
      fieldsV1 !== undefined &&
      'f:spec' in fieldsV1 &&
      manager !== OWN_MANAGER &&
      !PREDECESSORS.has(manager),
  );
  return [...new Set(entries.map(({ manager }) => manager))];
}
