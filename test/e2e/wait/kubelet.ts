import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Cluster } from '../../cluster/index.mjs';

/** Serves HTTPS for the length of a test, with the certificate of the API server, which is for 127.0.0.1; gives the port. */
export async function serveHttps(
  cluster: Cluster,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  const [cert, key] = await Promise.all(
    ['apiserver.crt', 'apiserver.key'].map((file) => readFile(join(cluster.dir, file))),
  );
  const server = createServer({ cert: cert!, key: key! }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Stands in for the kubelets of all nodes: what they answer when the API server asks for a container's log. */
export async function serveLogs(cluster: Cluster, log: (url: URL) => string): Promise<void> {
  const port = await serveHttps(cluster, (request, response) => {
    response.end(log(new URL(request.url ?? '/', 'https://kubelet')));
  });
  const { body } = await cluster.request('GET', '/api/v1/nodes');
  for (const { metadata } of (body as { items: { metadata: { name: string } }[] }).items) {
    await cluster.request('PATCH', `/api/v1/nodes/${metadata.name}/status`, {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    });
  }
}
