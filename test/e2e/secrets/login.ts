import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../cluster/index.mjs';
import { mark, type Mark } from './marks.js';

export const PROXY_PASSWORD = 'MarkProxyPassword4f81c2d09b';
const PLUGIN_VARIABLE = 'MarkPluginVariable77a0e3b1c4';
const PLUGIN_ARGUMENT = 'MarkPluginArgument19d5f6a8e2';

/**
 * A kubeconfig with much to keep secret: a plugin that is given a secret as variable and one as argument, and gives a bearer token; and
 * a proxy with a password.
 */
export async function secretiveKubeconfig(
  cluster: Cluster,
  folder: string,
): Promise<{ file: string; marks: Mark[]; close: () => void }> {
  const token = await clusterAdminToken(cluster);
  const plugin = join(folder, 'plugin.mjs');
  await writeFile(plugin, pluginSource(token));
  const proxy = await openProxy(new URL(cluster.server));
  const file = join(folder, 'kubeconfig.json');
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [plugin, '--secret', PLUGIN_ARGUMENT],
    env: [{ name: 'PLUGIN_SECRET', value: PLUGIN_VARIABLE }],
    interactiveMode: 'Never',
  };
  const name = 'secretive';
  const connection = {
    server: cluster.server,
    'certificate-authority-data': readFileSync(cluster.caFile).toString('base64'),
    'proxy-url': `http://user:${PROXY_PASSWORD}@127.0.0.1:${proxy.port}`,
  };
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: connection }],
      users: [{ name, user: { exec } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    }),
  );
  const marks = [
    mark('the token of the plugin', token),
    mark('the signature of the token', token.split('.')[2]!),
    mark('a variable of the plugin', PLUGIN_VARIABLE),
    mark('an argument of the plugin', PLUGIN_ARGUMENT),
    mark('the password of the proxy', PROXY_PASSWORD),
  ];
  return { file, marks, close: proxy.close };
}

async function clusterAdminToken(cluster: Cluster): Promise<string> {
  const subject = 'default:installer';
  await cluster.kubectl(['create', 'serviceaccount', 'installer', '-n', 'default']);
  const binding = ['create', 'clusterrolebinding', 'installer', '--clusterrole=cluster-admin'];
  await cluster.kubectl([...binding, `--serviceaccount=${subject}`]);
  const { stdout } = await cluster.kubectl(['create', 'token', 'installer', '-n', 'default', '--duration=1h']);
  return stdout.trim();
}

function pluginSource(token: string): string {
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token },
  };
  return `if (process.env.PLUGIN_FAILS) process.exit(3);\nconsole.log(${JSON.stringify(JSON.stringify(credential))});\n`;
}

/** A proxy that lets only those through who know the password. */
async function openProxy(target: URL): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer();
  const login = `Basic ${Buffer.from(`user:${PROXY_PASSWORD}`).toString('base64')}`;
  server.on('connect', (request, socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (request.headers['proxy-authorization'] !== login) return void socket.end('HTTP/1.1 407 Refused\r\n\r\n');
    const upstream = connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.once('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}
