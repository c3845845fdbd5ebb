import type { KubeObject } from '../../../src/kube/object.js';
import type { CommandResult, Cluster } from '../../cluster/index.mjs';
import { autoscalingPolicy, modelBooster, modelRoute, modelServer, modelServing } from '../backup/samples.js';
import { DENY, type Call } from './admission-server.js';
import type { StandIn } from './stand-in.js';

/** Which webhooks the API server calls when a resource of each kind is created, in the order of the calls. */
export const PATHS: Readonly<Record<string, readonly string[]>> = {
  ModelRoute: ['/validate/modelroute'],
  ModelServer: ['/validate/modelserver'],
  ModelServing: ['/validate-workload-ai-v1alpha1-modelserving'],
  ModelBooster: ['/mutate/modelbooster', '/validate/modelbooster'],
  AutoscalingPolicy: ['/mutate/autoscalingpolicy', '/validate/autoscalingpolicy'],
};

/** One resource of each kind. */
export function oneOfEach(name: string, namespace: string, annotations: Record<string, string> = {}): KubeObject[] {
  const parts = { metadata: { namespace, annotations } };
  return [modelRoute, modelServer, modelServing, modelBooster, autoscalingPolicy].map((make) => make(name, parts));
}

/** As `oneOfEach`, all refused by whoever stands in for the webhooks. */
export function deniedOnes(name: string, namespace: string, message: string): KubeObject[] {
  return oneOfEach(name, namespace, { [DENY]: message });
}

/** `kubectl create`, which the webhooks see. */
export function create(cluster: Cluster, objects: readonly KubeObject[], ...flags: string[]): Promise<CommandResult> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return cluster.kubectl(['create', '-f', '-', ...flags], { input });
}

/** The calls for resources of that name, by kind; for each the paths in the order of the calls. */
export function pathsCalled({ calls }: StandIn, name: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const call of callsFor(calls, name)) (found[call.kind] ??= []).push(call.path);
  return found;
}

export function callsFor(calls: readonly Call[], name: string): Call[] {
  return calls.filter((call) => call.name === name);
}
