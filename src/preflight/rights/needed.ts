import { crdSpec } from '../../crds/crd.js';
import type { CrdUpgrade } from '../../crds/upgrade-plan.js';
import type { ApiResource } from '../../kube/client.js';
import { groupOf, keyOf, refOf, type KubeObject } from '../../kube/object.js';
import type { Change } from '../../plan/plan.js';
import { predecessorsOf } from '../../plan/take-over.js';
import { madeBy } from '../../release/release.js';
import { isReadyOnceItExists } from '../../wait/status.js';
import type { PlannedChanges, Subject } from '../check.js';
import type { Right } from './right.js';

/** An object and the resource of the API that stands for its kind. */
export interface LocatedObject {
  object: KubeObject;
  resource: ApiResource;
}

export interface NeededRights {
  /** Without one of these it does not end well. */
  now: Right[];
  /** What an upgrade or uninstall needs later, and what a failed wait is explained with. */
  later: Right[];
}

/**
 * What the user must be allowed to do.
 *
 * @param plan tells what is there already; without it everything counts as to be created
 * @param obsolete what the plan deletes
 */
export function neededRights(
  subject: Subject,
  objects: readonly LocatedObject[],
  obsolete: readonly LocatedObject[],
  plan: PlannedChanges | undefined,
): NeededRights {
  const { namespace } = subject.release;
  const changes = new Map(plan?.found.objects.changes.map((change) => [keyOf(refOf(change.object)), change]));
  const wasHelms = subject.history.some((release) => madeBy(release) === 'helm');
  return {
    now: [
      ...namespaceRights(subject, plan),
      ...on({ group: '', resource: 'secrets', namespace }, 'get', 'list', 'create', 'update'),
      ...on({ group: 'coordination.k8s.io', resource: 'leases', namespace }, 'get', 'create', 'update'),
      ...subject.crds.flatMap((crd) => crdRights(crd, plan)),
      ...objects.flatMap((located) =>
        objectRights(located, changes.get(keyOf(refOf(located.object))), { wait: subject.wait, wasHelms }),
      ),
      ...obsolete.flatMap((located) => on(placeOf(located), 'delete')),
      ...refusedRights(plan),
    ],
    later: [
      ...on({ group: '', resource: 'secrets', namespace }, 'delete'),
      ...on({ group: 'coordination.k8s.io', resource: 'leases', namespace }, 'delete'),
      ...objects.flatMap((located) => on(placeOf(located), 'delete')),
      ...subject.crds.flatMap((crd) => on(resourcesOf(crd), 'list')),
      ...[...new Set(objects.flatMap(namespaceOfPods))].flatMap(explanationRights),
    ],
  };
}

const REFUSED = /User ".*?" cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/;

/** What the API server has said while the plan was made: of a take-over, for one, only the live objects tell. */
function refusedRights(plan: PlannedChanges | undefined): Right[] {
  const messages = plan?.found.objects.obstacles.map(({ message }) => message) ?? [];
  return messages.flatMap((message) => {
    const [, verb, resource, group = '', namespace] = REFUSED.exec(message) ?? [];
    if (verb === undefined || resource === undefined) return [];
    return on({ group, resource, namespace: resource === 'namespaces' ? undefined : namespace }, verb);
  });
}

function namespaceRights({ release, createNamespace }: Subject, plan: PlannedChanges | undefined): Right[] {
  const place = { group: '', resource: 'namespaces', name: release.namespace };
  const isMissing = plan?.found.namespace === undefined;
  return [...on(place, 'get'), ...(isMissing && createNamespace ? on(place, 'create') : [])];
}

function objectRights(
  located: LocatedObject,
  change: Change | undefined,
  { wait, wasHelms }: { wait: boolean; wasHelms: boolean },
): Right[] {
  const place = placeOf(located);
  const modifies = change?.action === 'update' || change?.action === 'adopt';
  const isThere = modifies || change?.action === 'unchanged';
  const isTakenOver = modifies ? change.takesOver.length > 0 : change === undefined && wasHelms;
  return [
    ...on(place, 'get', 'patch'),
    // A server-side apply of what is not there is a create, too.
    ...(isThere ? [] : on(place, 'create')),
    ...(isTakenOver ? on(place, 'update') : []),
    ...(wait && !isReadyOnceItExists(located.object) ? on(place, 'list', 'watch') : []),
  ];
}

function crdRights(crd: KubeObject, plan: PlannedChanges | undefined): Right[] {
  const { name } = crd.metadata;
  const place = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', name };
  const upgrade = plan?.upgrades.find((planned) => planned.name === name);
  switch (upgrade?.action) {
    case 'unchanged':
      return on(place, 'get');
    case 'upgrade':
    case 'downgrade':
      return [...on(place, 'get', 'patch'), ...upgradeRights(upgrade, place)];
    default:
      return on(place, 'get', 'create', 'patch', 'list', 'watch');
  }
}

/** Stored resources are read to find out whether the upgrade breaks them. */
function upgradeRights({ wanted, installed }: CrdUpgrade, place: Place): Right[] {
  const isTakenOver = installed !== undefined && predecessorsOf(installed).length > 0;
  return [...on(resourcesOf(wanted), 'list'), ...(isTakenOver ? on(place, 'update') : [])];
}

/** The resources of a CRD's kind, in all namespaces. */
function resourcesOf(crd: KubeObject): Place {
  const { group, names } = crdSpec(crd);
  return { group, resource: names.plural };
}

function namespaceOfPods({ object }: LocatedObject): string[] {
  return object.kind === 'Deployment' && object.metadata.namespace !== undefined ? [object.metadata.namespace] : [];
}

function explanationRights(namespace: string): Right[] {
  return [
    ...on({ group: '', resource: 'pods', namespace }, 'list', 'watch'),
    ...on({ group: '', resource: 'pods/log', namespace }, 'get'),
    ...on({ group: '', resource: 'events', namespace }, 'list', 'watch'),
    ...on({ group: 'apps', resource: 'replicasets', namespace }, 'list'),
  ];
}

type Place = Omit<Right, 'verb'>;

function placeOf({ object, resource }: LocatedObject): Place {
  const { name, namespace } = object.metadata;
  const place = { group: groupOf(object.apiVersion), resource: resource.plural, name };
  return resource.namespaced ? { ...place, namespace } : place;
}

function on(place: Place, ...verbs: string[]): Right[] {
  return verbs.map((verb) => ({ verb, ...place }));
}
