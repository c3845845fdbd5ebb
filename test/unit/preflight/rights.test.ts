import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { grantManifest } from '../../../src/preflight/rights/manifest.js';
import { describeRights, rulesFor, type Right } from '../../../src/preflight/rights/right.js';

const on = (resource: string, group: string, ...verbs: string[]): Right[] =>
  verbs.map((verb) => ({ verb, group, resource }));

/** Each single right that rules grant. */
function granted(rights: readonly Right[]): string[] {
  return rulesFor(rights)
    .flatMap(({ apiGroups = [], resources = [], verbs, resourceNames = ['*'] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.flatMap((verb) => resourceNames.map((name) => [verb, group, resource, name].join(' '))),
        ),
      ),
    )
    .sort();
}

describe('the rules for rights', () => {
  it('are few', () => {
    const rights = [...on('secrets', '', 'get', 'patch'), ...on('configmaps', '', 'patch', 'get')];
    expect(rulesFor(rights)).toEqual([
      { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['get', 'patch'] },
    ]);
  });

  it('grant these rights and no others', () => {
    const rights = [
      ...on('secrets', '', 'list', 'get', 'get'),
      ...on('pods/log', '', 'get'),
      ...on('deployments', 'apps', 'get', 'list'),
    ];
    expect(granted(rights)).toEqual([
      'get  pods/log *',
      'get  secrets *',
      'get apps deployments *',
      'list  secrets *',
      'list apps deployments *',
    ]);
  });

  it('let escalate and bind the named roles only', () => {
    const role = (verb: string, name: string): Right => ({
      verb,
      name,
      group: 'rbac.authorization.k8s.io',
      resource: 'clusterroles',
    });
    const rights = [
      role('get', 'a'),
      role('escalate', 'a'),
      role('bind', 'a'),
      role('escalate', 'b'),
      role('bind', 'c'),
    ];
    expect(granted(rights)).toEqual(
      ['bind', 'bind', 'escalate', 'escalate', 'get'].map(
        (verb, index) => `${verb} rbac.authorization.k8s.io clusterroles ${['a', 'c', 'a', 'b', '*'][index]}`,
      ),
    );
  });

  it('are described as kubectl names things', () => {
    const rights = [
      ...on('modelroutes/status', 'networking.serving.volcano.sh', 'get'),
      ...on('pods', '', 'list').map((right) => ({ ...right, namespace: 'team' })),
    ];
    expect(describeRights(rights)).toEqual([
      'in the cluster: get modelroutes.networking.serving.volcano.sh/status',
      'in namespace team: list pods',
    ]);
  });
});

describe('the manifest', () => {
  const rights = [...on('crds', 'x', 'get'), { verb: 'get', group: '', resource: 'pods', namespace: 'team' }];
  const objectsOf = (parts: Parameters<typeof grantManifest>[1]): KubeObject[] =>
    loadAll(grantManifest(rights, parts)) as KubeObject[];

  it('has roles of each scope bound to the user, after the namespace they are in', () => {
    const objects = objectsOf({ user: 'bob', namespace: 'team' });
    expect(objects.map(({ kind, metadata: { namespace } }) => [kind, namespace])).toEqual([
      ['Namespace', undefined],
      ['ClusterRole', undefined],
      ['ClusterRoleBinding', undefined],
      ['Role', 'team'],
      ['RoleBinding', 'team'],
    ]);
    expect(objects[2]).toMatchObject({
      subjects: [{ kind: 'User', name: 'bob' }],
      roleRef: { kind: 'ClusterRole', name: objects[1]!.metadata.name },
    });
  });

  it('names a service account as one', () => {
    const binding = objectsOf({ user: 'system:serviceaccount:ci:deployer', namespace: undefined })[1];
    expect(binding).toMatchObject({ subjects: [{ kind: 'ServiceAccount', namespace: 'ci', name: 'deployer' }] });
  });

  it('binds nobody where the user is not known', () => {
    const kinds = objectsOf({ user: undefined, namespace: undefined }).map(({ kind }) => kind);
    expect(kinds).toEqual(['ClusterRole', 'Role']);
  });

  it('has names that tell apart what is granted, and are the same for the same', () => {
    const nameFor = (some: readonly Right[]): string =>
      (loadAll(grantManifest(some, { user: 'bob', namespace: undefined }))[0] as KubeObject).metadata.name;
    expect(nameFor(rights)).toBe(nameFor([...rights]));
    expect(nameFor(rights)).not.toBe(nameFor(rights.slice(1)));
  });
});
