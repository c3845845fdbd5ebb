import type { KubeClient } from '../../kube/client.js';
import { formatRef, groupOf, keyOf, refOf, type KubeObject, type ObjectRef } from '../../kube/object.js';
import type { PlannedChanges } from '../check.js';
import type { Access } from './access.js';
import type { PolicyRule, Right } from './right.js';

const RBAC = 'rbac.authorization.k8s.io';

/** An object that gives rights to others, and is refused to whoever has neither these rights nor the one to give any. */
interface Grant {
  ref: ObjectRef;
  /** `escalate` on a role, or `bind` on the one that a binding names. */
  right: Right;
  rules: readonly PolicyRule[];
}

/** A grant that the user may not make. */
export interface Escalation {
  ref: ObjectRef;
  right: Right;
  /** Rights to be given that the user does not have. */
  lacking: Right[];
}

/**
 * The roles and bindings that Kubernetes will not take of this user, since they would give away more than the user has. Those that
 * do not change are no matter.
 */
export async function escalations(
  client: KubeClient,
  access: Access,
  objects: readonly KubeObject[],
  plan: PlannedChanges | undefined,
): Promise<Escalation[]> {
  const unchanged = new Set(
    plan?.found.objects.changes.flatMap(({ action, object }) => (action === 'unchanged' ? [keyOf(refOf(object))] : [])),
  );
  const changing = objects.filter(
    (object) => groupOf(object.apiVersion) === RBAC && !unchanged.has(keyOf(refOf(object))),
  );
  const grants = await Promise.all(changing.map((object) => grantOf(client, object, objects)));
  const found = await Promise.all(
    grants.map(async (grant) => {
      if (grant === undefined || (await access.may(grant.right))) return [];
      const { ref, right, rules } = grant;
      const lacking = await access.missing(rules.flatMap((rule) => rightsOf(rule, ref.namespace)));
      return lacking.length === 0 ? [] : [{ ref, right, lacking }];
    }),
  );
  return found.flat();
}

async function grantOf(
  client: KubeClient,
  object: KubeObject,
  objects: readonly KubeObject[],
): Promise<Grant | undefined> {
  const ref = refOf(object);
  const { namespace } = ref;
  if (object.kind === 'Role' || object.kind === 'ClusterRole') {
    return { ref, right: rightOn('escalate', object.kind, object.metadata.name, namespace), rules: rulesOf(object) };
  }
  const roleRef = object['roleRef'] as { kind: string; name: string } | undefined;
  if (roleRef === undefined) return undefined;
  const right = rightOn('bind', roleRef.kind, roleRef.name, namespace);
  const role = await findRole(client, roleRef, namespace, objects);
  return { ref, right, rules: role === undefined ? [] : rulesOf(role) };
}

function rightOn(verb: string, kind: string, name: string, namespace: string | undefined): Right {
  return { verb, group: RBAC, resource: kind === 'Role' ? 'roles' : 'clusterroles', name, namespace };
}

/** The role that a binding names: one of the same install, or one that is there. */
async function findRole(
  client: KubeClient,
  { kind, name }: { kind: string; name: string },
  namespace: string | undefined,
  objects: readonly KubeObject[],
): Promise<KubeObject | undefined> {
  const place = kind === 'Role' && namespace !== undefined ? { namespace } : {};
  const ref: ObjectRef = { apiVersion: `${RBAC}/v1`, kind, name, ...place };
  return objects.find((object) => formatRef(refOf(object)) === formatRef(ref)) ?? (await client.get(ref));
}

function rulesOf(role: KubeObject): PolicyRule[] {
  return (role['rules'] as PolicyRule[] | null | undefined) ?? [];
}

/** Each single right that a rule gives on objects; paths of the API that are no objects are left out. */
function rightsOf({ apiGroups = [], resources = [], verbs, resourceNames }: PolicyRule, namespace?: string): Right[] {
  const names: (string | undefined)[] =
    resourceNames === undefined || resourceNames.length === 0 ? [undefined] : resourceNames;
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => names.map((name) => ({ verb, group, resource, namespace, name }))),
    ),
  );
}
