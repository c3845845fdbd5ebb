import { execFile } from 'node:child_process';
import { accessSync, constants, statfsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apiClient } from './api.mjs';
import { buildControlPlane } from './build.mjs';
import { cacheFolder } from './cache.mjs';
import { connect } from './connect.mjs';
import { adminFiles, kubeconfig } from './kubeconfig.mjs';
import { FOLDER_PREFIX, markOwner, removeLeftovers } from './leftovers.mjs';
import * as parts from './parts.mjs';
import { PodNetwork } from './pod-network.mjs';
import { freePort } from './port.mjs';
import { apiServerReady, createNodes, podsCanRun } from './ready.mjs';
import { Supervisor } from './supervisor.mjs';

const DEFAULTS = {
  nodes: 2,
  // Multicast addresses: nothing is ever sent to them, and a webhook call to a pod
  // fails at once, where a private network might be one that exists. (The API server's
  // proxy refuses such addresses; where pods answer, nothing leaves this machine anyway.)
  podCidr: '239.0.0.0/16',
  serviceCidr: '10.96.0.0/16',
  apiServerArgs: /** @type {string[]} */ ([]),
  timeoutMs: 60_000,
  podsAnswer: false,
};

/**
 * Starts a control plane of its own and resolves when pods can run on it. It ends
 * with `stop()`, or when this process ends in whatever way.
 *
 * @param {import('./index.d.mts').ControlPlaneOptions} [options]
 * @returns {Promise<import('./index.d.mts').ControlPlane>}
 */
export async function startControlPlane(options = {}) {
  const bin = await buildControlPlane();
  const root = dataRoot();
  await removeLeftovers(root);
  for (let attempt = 1; ; attempt++) {
    try {
      const answered = options.podsAnswer ? { podCidr: '10.244.0.0/16' } : {};
      return await startOnce(bin, root, { ...DEFAULTS, ...answered, ...options });
    } catch (error) {
      // Somebody else was quicker to take the port that had been free.
      if (attempt === 3 || !message(error).includes('address already in use')) throw error;
    }
  }
}

/**
 * @param {string} bin
 * @param {string} root
 * @param {typeof DEFAULTS} settings
 * @returns {Promise<import('./index.d.mts').ControlPlane>}
 */
async function startOnce(bin, root, settings) {
  const dir = await mkdtemp(join(root, FOLDER_PREFIX));
  const supervisor = new Supervisor(bin, dir);
  const pods = settings.podsAnswer ? new PodNetwork(dir) : undefined;
  const stop = async () => {
    pods?.close();
    await supervisor.stop();
  };
  try {
    if (supervisor.pid) await markOwner(dir, supervisor.pid);
    const server = await Promise.race([bringUp(bin, dir, supervisor, settings, pods), supervisor.failure]);
    const cluster = connect({
      server,
      dir,
      bin,
      kubeconfig: join(dir, 'admin.kubeconfig'),
      caFile: join(dir, 'ca.crt'),
    });
    supervisor.failure.catch((error) => console.error(`The control plane at ${server} is broken: ${error.message}`));
    return { ...cluster, pods, stop };
  } catch (error) {
    const logs = await keepLogs(dir);
    await stop();
    throw new Error(`The control plane does not start: ${message(error)}\nAll logs: ${logs}`, { cause: error });
  }
}

/**
 * Starts a control plane, runs `work` with it, and stops it again.
 *
 * @template T
 * @param {(cluster: import('./index.d.mts').ControlPlane) => Promise<T>} work
 * @param {import('./index.d.mts').ControlPlaneOptions} [options]
 * @returns {Promise<T>}
 */
export async function withControlPlane(work, options) {
  const cluster = await startControlPlane(options);
  try {
    return await work(cluster);
  } finally {
    await cluster.stop();
  }
}

/**
 * @param {string} bin
 * @param {string} dir
 * @param {Supervisor} supervisor
 * @param {typeof DEFAULTS} settings
 * @param {PodNetwork | undefined} pods
 */
async function bringUp(bin, dir, supervisor, settings, pods) {
  const deadline = Date.now() + settings.timeoutMs;
  supervisor.start(parts.etcd());
  await promisify(execFile)(join(bin, 'cluster-helper'), ['pki', 'init', dir]);
  const port = await freePort();
  const server = `https://127.0.0.1:${port}`;
  const { ca, certificate, key } = adminFiles(dir);
  const config = kubeconfig({ server, ca, user: 'kubernetes-admin', credentials: { certificate, key } });
  await writeFile(join(dir, 'admin.kubeconfig'), config, { mode: 0o600 });

  const { serviceCidr, podCidr } = settings;
  await pods?.open();
  const extraArgs = [...settings.apiServerArgs, ...(pods?.flags ?? [])];
  const request = apiClient({ server, ca, certificate, key });
  supervisor.start(parts.apiServer({ port, serviceCidr, extraArgs }));
  await apiServerReady(request, deadline);
  // Started earlier they would fail, and try again only a second later.
  supervisor.start(parts.controllerManager());
  supervisor.start(parts.scheduler());
  const stages = ['stages.yaml', pods ? 'stages-served.yaml' : 'stages-ready.yaml'];
  supervisor.start(parts.kwok({ podCidr, stagesFiles: stages.map((file) => join(import.meta.dirname, file)) }));
  await createNodes(request, settings.nodes);
  await podsCanRun(request, deadline);
  return server;
}

/**
 * Memory-backed where there is such a folder, because a disk would be what starts
 * wait for; but containers often have a tiny one, and etcd takes 130 MB at once.
 */
function dataRoot() {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= 2 ** 30 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/**
 * Saves the logs from a control plane's folder, which goes with it. Only the last failure's are kept.
 *
 * @param {string} dir
 */
async function keepLogs(dir) {
  const target = join(cacheFolder(), 'failed-start');
  await rm(target, { recursive: true, force: true });
  await cp(dir, target, { recursive: true, filter: (path) => path === dir || path.endsWith('.log') });
  return target;
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? error.message : String(error);
}
