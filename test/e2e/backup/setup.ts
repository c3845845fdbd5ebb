import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { afterAll, beforeAll } from 'vitest';
import type { ActionContext } from '../../../src/actions/context.js';
import type { CrdFile } from '../../../src/bundle/bundle.js';
import type { ProgressEvent } from '../../../src/events.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { clientOf } from '../kube/setup.js';

export const CRD_FOLDER = fileURLToPath(new URL('../../../crds', import.meta.url));

const crds: CrdFile[] = readdirSync(CRD_FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({
    path: `crds/${name}`,
    object: load(readFileSync(join(CRD_FOLDER, name), 'utf8')) as KubeObject,
  }));

export const BUNDLE = { crds: (): Promise<CrdFile[]> => Promise.resolve(crds) };
export const CRD_NAMES = crds.map(({ object }) => object.metadata.name);
const KINDS = crds.map(({ object }) => {
  const { group, names } = object['spec'] as { group: string; names: { kind: string } };
  return { apiVersion: `${group}/v1alpha1`, kind: names.kind };
});

/** What one test file works with: a control plane of its own that has the CRDs, and a folder. */
export interface Lab {
  cluster: ControlPlane;
  client: KubeClient;
  folder: string;
  /** What was told since the last look. */
  events: ProgressEvent[];
  context: ActionContext;
}

/** Starts one for the tests of a file. */
export function lab(): Lab {
  const made = { events: [] as ProgressEvent[] } as Lab;
  beforeAll(async () => {
    made.cluster = await startControlPlane();
    made.client = await clientOf(made.cluster, {
      onWarning: (message) => made.events.push({ type: 'warning', message }),
    });
    made.folder = mkdtempSync(join(tmpdir(), 'kthena-backup-'));
    made.context = {
      client: made.client,
      signal: new AbortController().signal,
      emit: (event) => void made.events.push(event),
      now: () => new Date('2026-01-31T12:00:00Z'),
    };
    for (const name of ['models', 'others']) await must(made.cluster.kubectl(['create', 'namespace', name]));
    await applyCrds(made);
  });
  afterAll(async () => {
    made.client.close();
    rmSync(made.folder, { recursive: true });
    await made.cluster.stop();
  });
  return made;
}

export async function applyCrds({ cluster, client }: Lab): Promise<void> {
  await must(cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', CRD_FOLDER]));
  await must(cluster.kubectl(['wait', '--for=condition=Established', 'crd', ...CRD_NAMES]));
  client.forgetDiscovery();
  for (const { kind } of KINDS) await eventually(async () => (await cluster.kubectl(['get', kind])).code === 0);
}

/** All resources go with their CRDs, which then come again without any. */
export async function recreateCrds(made: Lab): Promise<void> {
  await must(made.cluster.kubectl(['delete', 'crd', ...CRD_NAMES, '--ignore-not-found']));
  await applyCrds(made);
}

/** Deletes all resources; much faster than `recreateCrds`, where only their absence counts. */
export async function clear(made: Lab): Promise<void> {
  const { cluster } = made;
  await Promise.all(
    crds.flatMap(({ object }) => {
      const { group, names } = object['spec'] as { group: string; names: { plural: string } };
      return ['models', 'others'].map((namespace) =>
        cluster.request('DELETE', `/apis/${group}/v1alpha1/namespaces/${namespace}/${names.plural}`),
      );
    }),
  );
  await eventually(async () => (await resources(made)).size === 0);
}

/** Creates resources and writes the status of those that have one, as an administrator and a controller would. */
export async function create({ client }: Lab, resources: readonly KubeObject[]): Promise<void> {
  const queue = resources.values();
  const work = async (): Promise<void> => {
    for (const resource of queue) {
      const made = await client.create(resource, { fieldManager: 'kubectl-create' });
      const { status } = resource;
      if (status !== undefined) await client.replaceStatus({ ...made, status }, { fieldManager: 'controller' });
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

/** All resources, by `Kind/namespace/name`. */
export async function resources({ client }: Lab): Promise<Map<string, KubeObject>> {
  const found = new Map<string, KubeObject>();
  for (const kind of KINDS) for await (const object of client.list(kind)) found.set(formatRef(refOf(object)), object);
  return found;
}

/** What a restore must bring back byte for byte, as text. */
export async function contents(made: Lab): Promise<Map<string, string>> {
  const entries = [...(await resources(made))].map(([name, object]): [string, string] => {
    const { labels, annotations, finalizers } = object.metadata;
    return [name, JSON.stringify([labels, annotations, finalizers, object['spec'], object['status']])];
  });
  return new Map(entries);
}

export async function must<T extends { code: number; stderr: string }>(work: Promise<T>): Promise<T> {
  const result = await work;
  if (result.code !== 0) throw new Error(result.stderr);
  return result;
}

export async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come about within 15 s');
}
