import { formatRef, keyOf, refOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { pathSegment } from './archive.js';
import { maskObject } from './mask.js';
import { yamlFile, type ReportFile, type Scope } from './report-file.js';
import { readOne } from './read.js';

interface Source {
  secretRef?: { name?: string };
  configMapRef?: { name?: string };
  secretKeyRef?: { name?: string };
  configMapKeyRef?: { name?: string };
}

interface Container {
  env?: { valueFrom?: Source }[];
  envFrom?: Source[];
}

interface PodSpec {
  volumes?: { secret?: { secretName?: string }; configMap?: { name?: string } }[];
  initContainers?: Container[];
  containers?: Container[];
  imagePullSecrets?: { name?: string }[];
}

/** The release's objects as they are in the cluster, and the Secrets and ConfigMaps that its pods use besides. */
export async function readObjects(recorded: readonly KubeObject[], scope: Scope): Promise<KubeObject[]> {
  const wanted = new Map([...recorded.map(refOf), ...recorded.flatMap(usedBy)].map((ref) => [keyOf(ref), ref]));
  const own = new Set(recorded.map((object) => keyOf(refOf(object))));
  const found: KubeObject[] = [];
  for (const ref of [...wanted.values()].sort((a, b) => formatRef(a).localeCompare(formatRef(b), 'en'))) {
    const object = await readOne(scope, ref);
    if (object === 'missing' && own.has(keyOf(ref))) scope.unread.add(formatRef(ref), 'it is not in the cluster');
    if (object !== undefined && object !== 'missing') found.push(object);
  }
  return found;
}

export function objectFiles(objects: readonly KubeObject[]): ReportFile[] {
  return objects.map((object) => {
    const { namespace, name } = object.metadata;
    const folder = ['objects', object.kind, ...(namespace === undefined ? [] : [namespace])];
    return yamlFile(`${[...folder, name].map(pathSegment).join('/')}.yaml`, maskObject(object));
  });
}

/** What the pods of a workload read; much of it is optional, so that it may be missing. */
function usedBy(workload: KubeObject): ObjectRef[] {
  const { template } = (workload['spec'] ?? {}) as { template?: { spec?: PodSpec } };
  const { volumes = [], containers = [], initContainers = [], imagePullSecrets = [] } = template?.spec ?? {};
  const sources = [...initContainers, ...containers].flatMap(({ env = [], envFrom = [] }) => [
    ...env.map(({ valueFrom }) => valueFrom ?? {}),
    ...envFrom,
  ]);
  const secrets = [
    ...volumes.map(({ secret }) => secret?.secretName),
    ...sources.map(({ secretRef, secretKeyRef }) => (secretRef ?? secretKeyRef)?.name),
    ...imagePullSecrets.map(({ name }) => name),
  ];
  const configMaps = [
    ...volumes.map(({ configMap }) => configMap?.name),
    ...sources.map(({ configMapRef, configMapKeyRef }) => (configMapRef ?? configMapKeyRef)?.name),
  ];
  const namespace = workload.metadata.namespace ?? '';
  const named = (kind: string, names: readonly (string | undefined)[]): ObjectRef[] =>
    names.flatMap((name) => (name === undefined ? [] : [{ apiVersion: 'v1', kind, name, namespace }]));
  return [...named('Secret', secrets), ...named('ConfigMap', configMaps)];
}
