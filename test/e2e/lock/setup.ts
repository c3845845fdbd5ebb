import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ProgressEvent } from '../../../src/events.js';
import type { KubeClient } from '../../../src/kube/client.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { acquireLock, type LockContext, type ReleaseLock } from '../../../src/lock/lock.js';
import type { LockTiming } from '../../../src/lock/timing.js';

/** A lock that lives faster: a test does not wait for half a minute. */
export const QUICK: LockTiming = {
  leaseSeconds: 3,
  renewMs: 150,
  tickMs: 25,
  attemptMs: 250,
  watchMs: 600,
  releaseMs: 1_000,
};

export const refIn = (namespace: string) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace,
  name: 'kthena.kthena',
});

export const pathIn = (namespace: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/kthena.kthena`;

export const requestIn = (namespace: string, operation = 'upgrade') => ({
  release: { name: 'kthena', namespace },
  operation,
});

/** Takes the lock of the release `kthena`, and keeps what is said. */
export async function take(
  client: KubeClient,
  namespace: string,
  context: Partial<LockContext> = {},
  operation?: string,
): Promise<{ lock: ReleaseLock; said: ProgressEvent[] }> {
  const said: ProgressEvent[] = [];
  const lock = await acquireLock(client, requestIn(namespace, operation), {
    now: () => new Date(),
    emit: (event) => said.push(event),
    timing: QUICK,
    ...context,
  });
  return { lock, said };
}

/** A Lease as another run has left it. */
export function foreignLease(namespace: string, spec: Record<string, unknown>, annotations = {}): KubeObject {
  const { apiVersion, kind, name } = refIn(namespace);
  const metadata = { name, namespace, annotations: { 'kthena.io/operation': 'rollback', ...annotations } };
  return {
    apiVersion,
    kind,
    metadata,
    spec: { holderIdentity: 'bob@ci pid 7 (0)', leaseDurationSeconds: 30, ...spec },
  };
}

export const microTime = (time: Date): string => time.toISOString().replace('Z', '000Z');

export function specOf(lease: KubeObject | undefined): Record<string, unknown> {
  return (lease?.['spec'] ?? {}) as Record<string, unknown>;
}

/** Resolves to the reason of the abort; the test's own deadline is the limit. */
export async function abortOf({ signal }: ReleaseLock): Promise<unknown> {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason;
}

/** The holder as a program, to be started as often as needed. */
export async function buildHolder(): Promise<{ program: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'kthena-lock-'));
  const program = join(folder, 'holder.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('holder-process.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return { program, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts it, and resolves once it holds the lock. */
export async function startHolder(program: string, kubeconfig: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, kubeconfig, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}
