import { inject } from 'vitest';
import { createClient, type ClientOptions } from '../../../src/kube/http-client.js';
import type { KubeClient } from '../../../src/kube/client.js';
import type { Connection } from '../../../src/kube/connection.js';
import { loadConnection, type ConnectionOptions } from '../../../src/kube/kubeconfig.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { connect, type Cluster } from '../../cluster/index.mjs';

/** The control plane all files share. */
export function sharedCluster(): Cluster {
  return connect(inject('cluster'));
}

/** As the administrator unless the options name another kubeconfig; nothing of this process's environment counts. */
export function connectionTo(cluster: Cluster, options: ConnectionOptions = {}): Promise<Connection> {
  return loadConnection(
    { kubeconfig: cluster.kubeconfig, ...options },
    { PATH: process.env['PATH'], HOME: cluster.dir },
  );
}

export async function clientOf(cluster: Cluster, options: Partial<ClientOptions> = {}): Promise<KubeClient> {
  return createClient(await connectionTo(cluster), { userAgent: 'kthena/test', ...options });
}

export function configMap(namespace: string, name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** To take items one by one. */
export function iterate<T>(items: AsyncIterable<T>): AsyncIterator<T> {
  return items[Symbol.asyncIterator]();
}
