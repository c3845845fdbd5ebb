import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Bundle } from '../bundle/bundle.js';
import type { BackupHeader, LeftOut } from '../backup/format.js';
import { unfitNamespaces } from '../backup/destination.js';
import { selectKinds, servedKinds, type ServedKind } from '../backup/kinds.js';
import { keepHeapSmall } from '../backup/memory.js';
import { readResources } from '../backup/pages.js';
import { readBackup } from '../backup/read.js';
import { saved, type SavedResource } from '../backup/resource.js';
import { reasonToLeaveOut } from '../backup/selection.js';
import { openSource } from '../backup/source.js';
import { Tally } from '../backup/tally.js';
import { checkFree, createTarget } from '../backup/target.js';
import { writeBackup } from '../backup/write.js';
import { groupsOf } from '../crds/crd.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { interruption } from '../kube/interruption.js';
import { VERSION } from '../version.js';
import type { ActionContext } from './context.js';

export interface BackupRequest {
  /** `kthena-backup-<time>.yaml.gz` in the current folder where it is undefined. */
  to: { file: string | undefined; replace: boolean } | { stream: Writable };
  /** `ModelRoute`, `modelroutes` or the name of a CRD; empty for all kinds of Kthena's groups. */
  kinds: readonly string[];
  /** Empty for all. */
  namespaces: readonly string[];
  /** Also resources that a controller made for other resources of Kthena. */
  children: boolean;
}

export interface BackupResult {
  /** Undefined where it went into a stream. */
  file: string | undefined;
  resources: number;
  /** Every kind that was looked at, with how many of it are in the backup. */
  kinds: Record<string, number>;
  namespaces: Record<string, number>;
  leftOut: LeftOut;
}

/** A backup that is being made: what it will say of itself, and what is counted on the way. */
interface Job {
  header: BackupHeader;
  groups: string[];
  kinds: ServedKind[];
  tally: Tally;
  leftOut: LeftOut;
}

/**
 * Saves the custom resources of Kthena's groups to a file. The file gets its name only once it has been read back and what came out
 * is what went in; until then, and for ever where the work is cut off, there is no file of that name.
 *
 * @throws KthenaError `failed` where the file cannot be written or did not come back as it was
 */
export async function backup(
  bundle: Pick<Bundle, 'crds'>,
  request: BackupRequest,
  context: ActionContext,
): Promise<BackupResult> {
  keepHeapSmall();
  const job = await prepare(bundle, request, context);
  if ('stream' in request.to) {
    await pipeline(Readable.from(contents(job, context), { objectMode: false }), request.to.stream, { end: false });
    return resultOf(job, undefined);
  }
  const file = request.to.file ?? defaultName(context.now());
  await checkFree(file, request.to);
  const target = createTarget(file);
  try {
    await target.write(contents(job, context));
    context.emit({ type: 'step', message: `Reading ${file} back` });
    await verify(target.temporary, file, job, context);
    await target.publish(file, request.to);
  } finally {
    await target.discard();
  }
  return resultOf(job, file);
}

async function prepare(
  bundle: Pick<Bundle, 'crds'>,
  request: BackupRequest,
  { client, now }: ActionContext,
): Promise<Job> {
  const groups = await bundleGroups(bundle);
  const kinds = selectKinds(await servedKinds(client, groups), request.kinds);
  if (kinds.length === 0) {
    throw new KthenaError('not-found', `${client.server} serves no kind of Kthena: there is nothing to back up`, {
      hint: 'Is this the right cluster? kthena crds list shows what it has.',
    });
  }
  await checkNamespaces(client, request.namespaces);
  const header: BackupHeader = {
    tool: `kthena ${VERSION}`,
    time: now().toISOString(),
    server: client.server,
    kinds: kinds.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
    namespaces: [...request.namespaces],
    children: request.children,
  };
  return { header, groups, kinds, tally: new Tally(), leftOut: { children: 0, terminating: 0 } };
}

/** An empty backup of a namespace that is misspelt would look like a good one. */
async function checkNamespaces(client: KubeClient, names: readonly string[]): Promise<void> {
  const missing = (await unfitNamespaces(client, names)).filter(({ problem }) => problem === 'missing');
  if (missing.length === 0) return;
  throw new KthenaError('not-found', `there is no namespace ${missing.map(({ name }) => name).join(', ')}`, {
    hint: 'kubectl get namespaces lists them; without -n all are backed up.',
  });
}

/** The API groups of Kthena: those of the bundle's CRDs. */
export async function bundleGroups(bundle: Pick<Bundle, 'crds'>): Promise<string[]> {
  return groupsOf((await bundle.crds()).map(({ object }) => object));
}

function contents(job: Job, context: ActionContext): AsyncGenerator<Buffer> {
  return writeBackup({ ...job, resources: read(job, context) });
}

async function* read({ header, groups, kinds, leftOut }: Job, context: ActionContext): AsyncGenerator<SavedResource> {
  const { client, signal, emit } = context;
  for (const kind of kinds) {
    emit({ type: 'step', message: `Reading the ${kind.kind} resources` });
    let done = 0;
    let total = 0;
    const onRemaining = (count: number): void => void (total += count);
    for (const namespace of namespacesFor(kind, header.namespaces)) {
      for await (const resource of readResources(client, { kind, namespace, signal, onRemaining })) {
        if (signal.aborted) throw interruption(signal);
        done++;
        emit({ type: 'count', what: kind.kind, done, total: Math.max(done, total) });
        const reason = reasonToLeaveOut(resource, groups, header.children);
        if (reason === undefined) yield saved(resource);
        else leftOut[reason]++;
      }
    }
  }
}

/** `[undefined]` for all at once; a kind outside of namespaces is in none of those that were asked for. */
function namespacesFor({ namespaced }: ServedKind, namespaces: readonly string[]): readonly (string | undefined)[] {
  if (namespaces.length === 0) return [undefined];
  return namespaced ? namespaces : [];
}

/**
 * Reads the stored bytes as a restore would. Counts and checksum say that they are the ones that were written, the fingerprint that
 * what was written means what was in the cluster.
 */
async function verify(stored: string, name: string, { groups, tally }: Job, context: ActionContext): Promise<void> {
  const { signal, emit } = context;
  const source = await openSource(stored);
  try {
    const total = tally.resources;
    const found = await readBackup(source.chunks(), { name, groups, edited: false }, ({ number }) => {
      if (signal.aborted) throw interruption(signal);
      emit({ type: 'count', what: 'verified', done: number, total });
    });
    if (found.tally.resources === total && found.tally.fingerprint() === tally.fingerprint()) return;
  } finally {
    await source.close();
  }
  throw new KthenaError('failed', `${name} did not come back from the disk as it was written; it was removed again`, {
    hint: 'Is the disk in order? Try another folder with -o.',
  });
}

/** Local time would be ambiguous; characters that file systems refuse are left out. */
function defaultName(now: Date): string {
  const time = now.toISOString().replace(/[-:.]/g, '');
  return `kthena-backup-${time}.yaml.gz`;
}

function resultOf({ kinds, tally, leftOut }: Job, file: string | undefined): BackupResult {
  const none = Object.fromEntries(kinds.map(({ kind }) => [kind, 0]));
  return {
    file,
    resources: tally.resources,
    kinds: { ...none, ...tally.kinds() },
    namespaces: tally.namespaces(),
    leftOut,
  };
}
