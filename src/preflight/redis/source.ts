import { load } from 'js-yaml';
import { refOf, type KubeObject, type ObjectRef } from '../../kube/object.js';

/** Where one variable of the router comes from. */
export interface KeySource {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  key: string;
}

/** How the router of a release finds its Redis. */
export interface RedisSource {
  deployment: ObjectRef;
  host: KeySource;
  /** In the same ConfigMap; absent where the Deployment has a fixed one, or none. */
  port?: KeySource;
  password?: KeySource;
  /** The kubelet puts the addresses of the namespace's Services into the environment. */
  serviceLinks: boolean;
}

interface KeyRef {
  name?: string;
  key: string;
}
interface Variable {
  name: string;
  valueFrom?: { configMapKeyRef?: KeyRef; secretKeyRef?: KeyRef };
}
interface PodSpec {
  enableServiceLinks?: boolean;
  containers?: { env?: Variable[] }[];
}

/** The Deployment that reads `REDIS_HOST` from a ConfigMap; undefined where none does. */
export function redisSource(objects: readonly KubeObject[]): RedisSource | undefined {
  for (const deployment of objects.filter(({ kind }) => kind === 'Deployment')) {
    const { template } = deployment['spec'] as { template?: { spec?: PodSpec } };
    const pod = template?.spec ?? {};
    for (const { env = [] } of pod.containers ?? []) {
      const host = sourceOf(env, 'REDIS_HOST', 'ConfigMap');
      const port = sourceOf(env, 'REDIS_PORT', 'ConfigMap');
      const password = sourceOf(env, 'REDIS_PASSWORD', 'Secret');
      if (host === undefined) continue;
      return {
        deployment: refOf(deployment),
        host,
        ...(port?.name === host.name ? { port } : {}),
        ...(password === undefined ? {} : { password }),
        serviceLinks: pod.enableServiceLinks !== false,
      };
    }
  }
  return undefined;
}

/** Of several variables of one name the last counts. */
function sourceOf(env: readonly Variable[], variable: string, kind: KeySource['kind']): KeySource | undefined {
  const found = env.findLast(({ name }) => name === variable)?.valueFrom;
  const ref = kind === 'ConfigMap' ? found?.configMapKeyRef : found?.secretKeyRef;
  return ref?.name === undefined ? undefined : { kind, name: ref.name, key: ref.key };
}

/** The score plugin of the router that keeps its knowledge in Redis. */
export const PLUGIN = 'kvcache-aware';

/** True where a configuration of the router among the objects switches the plugin on. */
export function usesPlugin(objects: readonly KubeObject[]): boolean {
  return objects
    .filter(({ kind }) => kind === 'ConfigMap')
    .some(({ data }) => {
      const text = (data as Record<string, string> | undefined)?.['routerConfiguration'];
      return text !== undefined && enabledScorePlugins(text).includes(PLUGIN);
    });
}

interface RouterConfiguration {
  scheduler?: { plugins?: { Score?: { enabled?: { name?: unknown }[] | null } | null } | null } | null;
}

/** None where the text is no such configuration: what the router makes of it is not for this check to say. */
function enabledScorePlugins(text: string): unknown[] {
  try {
    const enabled = (load(text) as RouterConfiguration | null | undefined)?.scheduler?.plugins?.Score?.enabled;
    return Array.isArray(enabled) ? enabled.map((plugin) => plugin?.name) : [];
  } catch {
    return [];
  }
}
