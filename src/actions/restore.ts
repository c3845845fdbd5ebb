import type { Bundle } from '../bundle/bundle.js';
import type { BackupHeader } from '../backup/format.js';
import { createNamespaces, servedOf, unfitError, unfitNamespaces, type BackupKind } from '../backup/destination.js';
import { keepHeapSmall } from '../backup/memory.js';
import { Outcomes, type Incident, type KindCounts } from '../backup/outcomes.js';
import { OwnerFinder } from '../backup/owners.js';
import { readBackup, type BackupSummary, type ReadOptions } from '../backup/read.js';
import { refusalOf } from '../backup/refusal.js';
import { RefusedFile } from '../backup/refused-file.js';
import type { RestoreOptions } from '../backup/restore-resource.js';
import { restoreInRounds, type RestoreJob } from '../backup/rounds.js';
import { openSource, type BackupSource } from '../backup/source.js';
import { RESTORE_MANAGER } from '../backup/status.js';
import { readCrd, schemaOf } from '../crds/compare/crd.js';
import { counted } from '../crds/counted.js';
import { readerFor } from '../crds/stored/read-as.js';
import { placeOf } from '../crds/stored/place.js';
import { deadWebhooks } from '../crds/webhooks.js';
import { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import { interruption } from '../kube/interruption.js';
import { groupOf, type KubeObject } from '../kube/object.js';
import { bundleGroups } from './backup.js';
import type { ActionContext } from './context.js';

export interface RestoreRequest {
  file: string;
  /** Let the server do everything but store it. */
  dryRun: boolean;
  /** Accept a file that was changed since it was made. */
  allowEdited: boolean;
  /** Restore resources without the fields that the present schema does not have, instead of refusing them. */
  dropUnknownFields: boolean;
  createNamespaces: boolean;
}

export interface RestoreResult {
  dryRun: boolean;
  file: string;
  backup: BackupHeader;
  /** By kind; in a dry run, what would become of the resources. */
  kinds: Record<string, KindCounts>;
  /** The first thousand of them. */
  incidents: Incident[];
  incidentCount: number;
  /** Where the refused resources are; undefined where there is none, or in a dry run. */
  refusedFile: string | undefined;
  createdNamespaces: string[];
}

type ServedKinds = Awaited<ReturnType<typeof servedOf>>;
/** Paths of the fields of an object whose values the API server would drop. */
type UnknownFields = (object: KubeObject) => string[];

/** A backup whose file is in order. */
interface Checked {
  request: RestoreRequest;
  reading: ReadOptions;
  summary: BackupSummary;
  kinds: BackupKind[];
}

/**
 * Brings the resources of a backup back. The whole file is checked before the first of them; those that exist stay as they are, so
 * that a restore that was cut off at any moment goes on when it is run again.
 *
 * @throws KthenaError where nothing was restored (the file, the namespaces, the kinds), or not everything was tried
 */
export async function restore(
  bundle: Pick<Bundle, 'crds'>,
  request: RestoreRequest,
  context: ActionContext,
): Promise<RestoreResult> {
  keepHeapSmall();
  const source = await openSource(request.file);
  try {
    const checked = await check(source, await bundleGroups(bundle), request, context);
    const { reading, summary, kinds } = checked;
    const served = await servedKindsOf(checked, bundle, context);
    const createdNamespaces = await prepareNamespaces(checked, context);
    const job: RestoreJob = {
      source,
      reading,
      total: summary.tally.resources,
      outcomes: new Outcomes(kinds.map(({ kind }) => kind)),
      refused: new RefusedFile(request.file, summary.header),
      options: {
        dryRun: request.dryRun,
        owners: new OwnerFinder(context.client, { groups: reading.groups, kinds: kinds.map(({ kind }) => kind) }),
        judge: await judgeFor(served, createdNamespaces, request, context),
        signal: context.signal,
      },
    };
    context.emit({
      type: 'step',
      message: `${request.dryRun ? 'Trying' : 'Restoring'} ${counted(job.total, 'resource')}`,
    });
    try {
      await restoreInRounds(context.client, job, context.emit);
    } catch (error) {
      throw await stopped(error, job, context);
    }
    return {
      dryRun: request.dryRun,
      file: request.file,
      backup: summary.header,
      kinds: job.outcomes.kinds(),
      incidents: job.outcomes.incidents,
      incidentCount: job.outcomes.incidentCount,
      refusedFile: await finishRefused(job, context),
      createdNamespaces,
    };
  } finally {
    await source.close();
  }
}

/** Reads the whole file once, before anything is written. */
async function check(
  source: BackupSource,
  groups: string[],
  request: RestoreRequest,
  { signal, emit }: ActionContext,
): Promise<Checked> {
  const { file } = request;
  emit({ type: 'step', message: `Checking ${file}` });
  const reading: ReadOptions = { name: file, groups, edited: request.allowEdited };
  const kinds = new Map<string, BackupKind>();
  const summary = await readBackup(source.chunks(), reading, ({ number, resource }) => {
    if (signal.aborted) throw interruption(signal);
    emit({ type: 'count', what: 'checked', done: number });
    const { apiVersion, kind } = resource.object;
    kinds.set(`${apiVersion}/${kind}`, { apiVersion, kind });
  });
  return { request, reading, summary, kinds: [...kinds.values()] };
}

/** @throws KthenaError `not-found` where a kind is not served that an install would bring */
async function servedKindsOf(
  { kinds }: Checked,
  bundle: Pick<Bundle, 'crds'>,
  { client }: ActionContext,
): Promise<ServedKinds> {
  const served = await servedOf(client, kinds);
  const bundled = new Set((await bundle.crds()).map(({ object }) => readCrd(object).spec.names.kind));
  const missing = kinds.filter(({ apiVersion, kind }) => bundled.has(kind) && !served.has(`${apiVersion}/${kind}`));
  if (missing.length === 0) return served;
  const names = missing.map(({ apiVersion, kind }) => `${kind} (${apiVersion})`).join(', ');
  throw new KthenaError('not-found', `the cluster does not serve ${names}; nothing was restored`, {
    hint: 'Bring the CRDs first: kthena install, or kthena crds upgrade.',
  });
}

/** What can be said of a resource without asking the API server. */
async function judgeFor(
  served: ServedKinds,
  createdNamespaces: readonly string[],
  { dryRun, dropUnknownFields }: RestoreRequest,
  { client, emit }: ActionContext,
): Promise<RestoreOptions['judge']> {
  const untried = new Set(dryRun ? createdNamespaces : []);
  const unknownFields = new Map<string, UnknownFields>();
  for (const [key, { apiVersion, plural }] of dropUnknownFields ? [] : served) {
    const find = await unknownFieldsOf(client, apiVersion, plural);
    if (find !== undefined) unknownFields.set(key, find);
    else
      emit({ type: 'warning', message: `the CRD of ${plural} may not be read: fields it drops will not be noticed` });
  }
  return (object) => {
    const { apiVersion, kind, metadata } = object;
    const key = `${apiVersion}/${kind}`;
    const resource = served.get(key);
    if (resource === undefined) return refused(`the cluster does not serve ${kind} of ${apiVersion}`);
    if (resource.namespaced && metadata.namespace === undefined) return refused('it has no namespace');
    const unknown = unknownFields.get(key)?.(object) ?? [];
    if (unknown.length > 0) return refused(`the present schema would drop the values of ${unknown.join(', ')}`);
    return untried.has(metadata.namespace ?? '') ? { type: 'untried' } : undefined;
  };
}

function refused(reason: string): { type: 'refused'; reason: string } {
  return { type: 'refused', reason };
}

/** Finds the fields that the schema of today does not have; undefined where this user may not look at it. */
async function unknownFieldsOf(
  client: KubeClient,
  apiVersion: string,
  plural: string,
): Promise<UnknownFields | undefined> {
  const name = `${plural}.${groupOf(apiVersion)}`;
  const ref = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name };
  const crd = await client.get(ref).catch((error: unknown) => {
    if (isApiError(error, 403)) return undefined;
    throw error;
  });
  const spec = crd === undefined ? undefined : readCrd(crd).spec;
  const version = spec?.versions.find((each) => apiVersion.endsWith(`/${each.name}`));
  if (spec === undefined || version === undefined) return undefined;
  const schema = schemaOf(version);
  const read = readerFor(schema, spec.preserveUnknownFields);
  return (object) => read(object).dropped.map((steps) => placeOf(steps, schema).path);
}

/** @returns the namespaces that were created, or would be */
async function prepareNamespaces({ request, summary }: Checked, { client, emit }: ActionContext): Promise<string[]> {
  const { dryRun } = request;
  const unfit = await unfitNamespaces(client, Object.keys(summary.tally.namespaces()));
  if (unfit.length === 0) return [];
  if (!request.createNamespaces || unfit.some(({ problem }) => problem !== 'missing')) throw unfitError(unfit);
  const names = unfit.map(({ name }) => name);
  emit({ type: 'step', message: `Creating ${names.length === 1 ? 'namespace' : 'namespaces'} ${names.join(', ')}` });
  await createNamespaces(client, names, { fieldManager: RESTORE_MANAGER, dryRun });
  return names;
}

/** What ended the restore early, with what has been done until then. */
async function stopped(error: unknown, job: RestoreJob, context: ActionContext): Promise<unknown> {
  const refusedFile = await finishRefused(job, context);
  if (!(error instanceof KthenaError)) return error;
  const { outcomes, total, options, reading } = job;
  const webhook = refusalOf(error) === 'webhook';
  const message = webhook
    ? 'a webhook that must be asked does not answer, so that nothing can be created'
    : error.message;
  const dead = webhook ? await deadWebhooks(context.client, reading.groups) : [];
  return new KthenaError(error.code, `stopped: ${message}`, {
    details: [
      ...(webhook ? [error.message] : error.details),
      ...dead,
      `${outcomes.done} of ${total} resources were ${options.dryRun ? 'tried' : 'dealt with'} until then`,
      ...(refusedFile === undefined ? [] : [`those refused are in ${refusedFile}`]),
    ],
    hint: webhook ? WEBHOOK_HINT : `${error.hint === undefined ? '' : `${error.hint} `}${AGAIN}`,
    cause: error,
  });
}

const AGAIN = 'Run the same command again to go on; what is there by then is left as it is.';
const WEBHOOK_HINT = `Wait until the Deployment behind the webhook is ready (kthena status), or delete the webhook's configuration if nothing of Kthena runs any more. ${AGAIN}`;

async function finishRefused({ refused }: RestoreJob, { emit }: ActionContext): Promise<string | undefined> {
  try {
    return await refused.finish();
  } catch (error) {
    if (!(error instanceof KthenaError)) throw error;
    emit({ type: 'warning', message: `${error.message}; the refused resources are only in the backup` });
    return undefined;
  }
}
