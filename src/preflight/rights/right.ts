/** One thing to do with one kind of object. */
export interface Right {
  verb: string;
  /** `''` for the core group. */
  group: string;
  /** Plural, with a subresource behind it: `pods/log`. */
  resource: string;
  /** Absent for the whole cluster. */
  namespace?: string | undefined;
  /** The object, where it is known: whoever has the right on that one only has enough. */
  name?: string | undefined;
}

/** A rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1). */
export interface PolicyRule {
  apiGroups?: string[];
  resources?: string[];
  verbs: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** Granted for the objects they are about and no others: on any object they would be as good as every right. */
const BY_NAME = new Set(['escalate', 'bind']);

/** As kubectl and the documentation of Kubernetes list them. */
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'escalate', 'bind'];

/** The fewest rules that grant these rights, all of one scope. */
export function rulesFor(rights: readonly Right[]): PolicyRule[] {
  const byResource = merge(rights, ({ group, resource, verb, name }) => {
    const names = BY_NAME.has(verb) && name !== undefined ? [name] : [];
    return {
      key: `${group} ${resource} ${names.join()}`,
      rule: { group, resources: [resource], verbs: [verb], names },
    };
  });
  const bySameNames = merge(byResource, (rule) => ({
    key: JSON.stringify([rule.group, rule.resources, rule.verbs, rule.names.length > 0]),
    rule,
  }));
  const bySameVerbs = merge(bySameNames, (rule) => ({
    key: JSON.stringify([rule.group, rule.verbs, rule.names]),
    rule,
  }));
  return bySameVerbs.map(({ group, resources, verbs, names }) => ({
    apiGroups: [group],
    resources,
    ...(names.length === 0 ? {} : { resourceNames: names }),
    verbs,
  }));
}

interface MergedRule {
  group: string;
  resources: string[];
  verbs: string[];
  names: string[];
}

/** Rules of the same key become one. */
function merge<T>(items: readonly T[], toRule: (item: T) => { key: string; rule: MergedRule }): MergedRule[] {
  const merged = new Map<string, MergedRule>();
  for (const { key, rule } of items.map(toRule)) {
    const { resources, verbs, names } = merged.get(key) ?? { resources: [], verbs: [], names: [] };
    merged.set(key, {
      group: rule.group,
      resources: [...new Set([...resources, ...rule.resources])].sort(),
      verbs: [...new Set([...verbs, ...rule.verbs])].sort((a, b) => VERBS.indexOf(a) - VERBS.indexOf(b)),
      names: [...new Set([...names, ...rule.names])].sort(),
    });
  }
  return [...merged.values()];
}

/** What a namespace, or the cluster, is to allow: a line each, such as `in namespace team: get, patch configmaps, secrets`. */
export function describeRights(rights: readonly Right[]): string[] {
  return scopesOf(rights).flatMap(({ namespace, rights: inScope }) =>
    rulesFor(inScope).map((rule) => {
      const where = namespace === undefined ? 'in the cluster' : `in namespace ${namespace}`;
      return `${where}: ${describeRule(rule)}`;
    }),
  );
}

function describeRule({ apiGroups, resources = [], verbs, resourceNames }: PolicyRule): string {
  const [group = ''] = apiGroups ?? [];
  const kinds = resources.map((resource) => (group === '' ? resource : resource.replace(/^[^/]*/, `$&.${group}`)));
  const names = resourceNames === undefined ? '' : ` ${resourceNames.join(', ')}`;
  return `${verbs.join(', ')} ${kinds.join(', ')}${names}`;
}

/** The rights by where they hold; the whole cluster comes first. */
export function scopesOf(rights: readonly Right[]): { namespace: string | undefined; rights: Right[] }[] {
  // `sort` would put undefined last, whatever the comparison says.
  const namespaces = [...new Set(rights.map(({ namespace = '' }) => namespace))].sort();
  return namespaces.map((namespace) => ({
    namespace: namespace === '' ? undefined : namespace,
    rights: rights.filter((right) => (right.namespace ?? '') === namespace),
  }));
}
