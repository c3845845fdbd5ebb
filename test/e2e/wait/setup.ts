import { inject, onTestFinished } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import { refOf, type KubeObject, type ObjectRef } from '../../../src/kube/object.js';
import type { Observation } from '../../../src/wait/observations.js';
import { waitUntilReady, type WaitOptions, type WaitResult } from '../../../src/wait/wait.js';
import { connect, type Cluster } from '../../cluster/index.mjs';

export const cluster: Cluster = connect(inject('cluster'));

/** A client for one test, as the administrator or as the user of another kubeconfig of the test cluster. */
export async function testClient(kubeconfig = cluster.kubeconfig): Promise<KubeClient> {
  const client = createClient(await loadConnection({ kubeconfig }), { userAgent: 'kthena/test' });
  onTestFinished(() => client.close());
  return client;
}

export async function apply(client: KubeClient, ...objects: KubeObject[]): Promise<ObjectRef[]> {
  for (const object of objects) await client.apply(object, { fieldManager: 'test', force: true });
  return objects.map(refOf);
}

export interface Wait {
  result: WaitResult;
  events: Observation[];
  elapsedMs: number;
}

/** `waitUntilReady` with what it told on the way; up to 30 s unless the options say otherwise. */
export async function wait(client: KubeClient, refs: ObjectRef[], options: Partial<WaitOptions> = {}): Promise<Wait> {
  const events: Observation[] = [];
  const start = performance.now();
  const onProgress = (event: Observation) => void events.push(event);
  const defaults = { timeoutMs: 30_000, signal: new AbortController().signal, onProgress };
  const result = await waitUntilReady(client, refs, { ...defaults, ...options });
  return { result, events, elapsedMs: performance.now() - start };
}

interface DeploymentParts {
  name?: string;
  annotations?: Record<string, string>;
  pod?: Record<string, unknown>;
  spec?: Record<string, unknown>;
}

/** A Deployment of one replica, which kwok makes ready at once; `annotations` are its pods', for the cluster's stages. */
export function deployment(namespace: string, parts: DeploymentParts = {}): KubeObject {
  const { name = 'router', annotations = {}, pod = {}, spec = {} } = parts;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'router', image: 'registry.example/router:v1' }], ...pod },
      },
      ...spec,
    },
  };
}

/** Waits until the condition gives something; for set-up, so that it polls. */
export async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the set-up did not come about within 10 s');
}
