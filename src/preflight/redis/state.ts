import type { KubeObject, ObjectRef } from '../../kube/object.js';
import type { Finding } from '../check.js';
import { copyCommand, misspelt } from './keys.js';
import type { KeySource, RedisSource } from './source.js';

/** What the cluster has of the settings; undefined what it does not have. */
export interface RedisState {
  source: RedisSource;
  namespace: string;
  /** A plugin of the router asks for Redis. */
  needed: boolean;
  configMap: KubeObject | undefined;
  /** A Service named `redis` in the router's namespace. */
  linked: KubeObject | undefined;
}

/** What the router takes where none is said. */
export const DEFAULT_PORT = '6379';
export const GUIDE = 'examples/redis/README.md of this tool';

/** Severity of a setting that will not do: with the plugin on, something that was asked for would not work. */
export function severityOf({ needed }: RedisState): 'error' | 'warning' {
  return needed ? 'error' : 'warning';
}

/** A ConfigMap or Secret without the key that the router reads. */
export function missingKey(state: RedisState, source: KeySource, keys: readonly string[]): Finding[] {
  const meant = misspelt(source.key, keys);
  const { namespace } = state;
  if (meant === undefined && !state.needed && source.kind === 'ConfigMap') return [];
  const seen =
    meant === undefined ? `it has no key ${source.key}` : `it has the key ${meant}, but the router reads ${source.key}`;
  return [
    {
      severity: severityOf(state),
      object: refTo(source, namespace),
      seen: source.kind === 'Secret' ? `${seen}: it connects without a password` : `${seen}: it uses no Redis`,
      hint:
        meant === undefined
          ? `Add the key, as in ${GUIDE}; then restart the router.`
          : `Copy it, then restart the router (${restart(state)}): ${copyCommand(source, meant, namespace)}`,
    },
  ];
}

/** Host and port as the ConfigMap has them. */
export function addressIn(configMap: KubeObject, { host, port }: RedisSource): { host?: string; port?: string } {
  const data = (configMap['data'] ?? {}) as Record<string, string>;
  const [hostText, portText] = [data[host.key], port === undefined ? undefined : data[port.key]];
  return {
    ...(hostText === undefined ? {} : { host: hostText }),
    ...(portText === undefined ? {} : { port: portText }),
  };
}

export function keysOf(object: KubeObject): string[] {
  return Object.keys((object['data'] ?? {}) as Record<string, string>);
}

/** The router reads its settings when it starts. */
export function restart({ source: { deployment }, namespace }: RedisState): string {
  return `kubectl rollout restart deployment ${deployment.name} -n ${namespace}`;
}

export function refTo({ kind, name }: KeySource, namespace: string): ObjectRef {
  return { apiVersion: 'v1', kind, namespace, name };
}
