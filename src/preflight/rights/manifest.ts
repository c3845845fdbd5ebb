import { createHash } from 'node:crypto';
import type { KubeObject } from '../../kube/object.js';
import { toYaml } from '../../render/print.js';
import { rulesFor, scopesOf, type Right } from './right.js';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Roles that grant these rights and no others, bound to the user, as YAML. Their name comes from what they grant, so that those of one
 * day do not take away what those of another gave.
 *
 * @param user undefined where it is not known: then nothing is bound
 * @param namespace to be created before the roles in it; undefined where that is not wanted
 */
export function grantManifest(
  rights: readonly Right[],
  { user, namespace }: { user: string | undefined; namespace: string | undefined },
): string {
  const name = `kthena-installer-${digestOf([user, rights])}`;
  const subject = user === undefined ? undefined : subjectFor(user);
  const objects = [
    ...(namespace === undefined ? [] : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]),
    ...scopesOf(rights).flatMap((scope) => roleObjects(name, scope, subject)),
  ];
  return objects.map(toYaml).join('---\n');
}

function roleObjects(
  name: string,
  { namespace, rights }: { namespace: string | undefined; rights: readonly Right[] },
  subject: Record<string, string> | undefined,
): KubeObject[] {
  const prefix = namespace === undefined ? 'Cluster' : '';
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const apiVersion = `${RBAC}/v1`;
  const role = { apiVersion, kind: `${prefix}Role`, metadata, rules: rulesFor(rights) };
  if (subject === undefined) return [role];
  const roleRef = { apiGroup: RBAC, kind: role.kind, name };
  return [role, { apiVersion, kind: `${prefix}RoleBinding`, metadata, subjects: [subject], roleRef }];
}

function subjectFor(user: string): Record<string, string> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  if (namespace === undefined || name === undefined) return { kind: 'User', apiGroup: RBAC, name: user };
  return { kind: 'ServiceAccount', namespace, name };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}
