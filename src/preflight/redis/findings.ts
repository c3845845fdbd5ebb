import { refOf, type KubeObject, type ObjectRef } from '../../kube/object.js';
import type { Finding } from '../check.js';
import { hostProblem, portProblem, serviceOfHost } from './address.js';
import { copyCommand, misspelt } from './keys.js';
import { PLUGIN, type KeySource } from './source.js';
import {
  addressIn,
  DEFAULT_PORT,
  GUIDE,
  keysOf,
  missingKey,
  refTo,
  restart,
  severityOf,
  type RedisState,
} from './state.js';

/** The ConfigMap with host and port, against what the router makes of it. */
export function settingsFindings(state: RedisState): Finding[] {
  const { source, namespace, needed, configMap } = state;
  if (configMap === undefined) {
    if (!needed) return [];
    return [
      {
        severity: 'warning',
        object: refTo(source.host, namespace),
        seen: `it does not exist, so that the router uses no Redis and its plugin ${PLUGIN} has no effect`,
        hint: `Make it, and a Redis, as in ${GUIDE}; then restart the router.`,
      },
    ];
  }
  const { host, port } = addressIn(configMap, source);
  if (host === undefined) return missingKey(state, source.host, keysOf(configMap));
  return [
    ...wrong(state, source.host, hostProblem(host)),
    ...(port === undefined ? noPort(state, configMap) : wrong(state, source.port!, portProblem(port))),
  ];
}

function wrong(state: RedisState, source: KeySource, problem: string | undefined): Finding[] {
  if (problem === undefined) return [];
  return [
    {
      severity: severityOf(state),
      object: refTo(source, state.namespace),
      seen: `${source.key} ${problem}`,
      hint: `Mend it (kubectl edit ${source.kind.toLowerCase()} ${source.name} -n ${state.namespace}), then restart the router: ${restart(state)}`,
    },
  ];
}

/** Without a port in the ConfigMap, a variable that the kubelet makes for a Service named redis takes its place. */
function noPort(state: RedisState, configMap: KubeObject): Finding[] {
  const { source, namespace, linked } = state;
  if (source.port === undefined) return [];
  if (linked === undefined || !hasAddress(linked) || !source.serviceLinks) {
    const meant = misspelt(source.port.key, keysOf(configMap));
    return meant === undefined ? [] : missingPort(state, source.port, meant);
  }
  return [
    {
      severity: severityOf(state),
      object: refOf(linked),
      seen: 'because a Service has this name, Kubernetes gives the router REDIS_PORT=tcp://…, which is no port number',
      hint: `Say which port it is, which goes before that, and restart the router (${restart(state)}): kubectl patch configmap ${source.port.name} -n ${namespace} -p '{"data":{"${source.port.key}":"${DEFAULT_PORT}"}}'`,
    },
  ];
}

/** The kubelet leaves out Services without an address of their own. */
function hasAddress(service: KubeObject): boolean {
  const { clusterIP } = service['spec'] as { clusterIP?: string };
  return clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None';
}

function missingPort(state: RedisState, port: KeySource, meant: string): Finding[] {
  return [
    {
      severity: 'warning',
      object: refTo(port, state.namespace),
      seen: `it has the key ${meant}, but the router reads ${port.key}: it takes port ${DEFAULT_PORT}`,
      hint: `Copy it, then restart the router (${restart(state)}): ${copyCommand(port, meant, state.namespace)}`,
    },
  ];
}

/** The Service inside the cluster that the host stands for, where that can be told. */
export function hostService({ source, namespace, configMap }: RedisState): ObjectRef | undefined {
  const { host } = configMap === undefined ? {} : addressIn(configMap, source);
  if (host === undefined || hostProblem(host) !== undefined) return undefined;
  const service = serviceOfHost(host, namespace);
  return service === undefined ? undefined : { apiVersion: 'v1', kind: 'Service', ...service };
}

export function noServiceFinding(state: RedisState, service: ObjectRef): Finding {
  return {
    severity: 'warning',
    object: service,
    seen: `it does not exist, and ${state.source.host.key} in ConfigMap ${state.source.host.name} names it`,
    hint: `Start the Redis server (${GUIDE}), or correct the name; the router connects when it starts.`,
  };
}
