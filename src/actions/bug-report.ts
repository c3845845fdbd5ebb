import { checkFree, createTarget } from '../backup/target.js';
import { reportArchive } from '../bugreport/archive.js';
import { certificateFiles } from '../bugreport/certificates.js';
import { checkFiles } from '../bugreport/checks.js';
import { clusterFiles } from '../bugreport/cluster.js';
import { logFiles } from '../bugreport/logs.js';
import { namespaceFiles, namespacesOf } from '../bugreport/namespace.js';
import { objectFiles, readObjects } from '../bugreport/objects.js';
import { readRecord, recordedOf, recordFiles } from '../bugreport/record.js';
import type { ReportFile, Scope } from '../bugreport/report-file.js';
import { summaryFile } from '../bugreport/summary.js';
import { Unread } from '../bugreport/unread.js';
import { versionFiles } from '../bugreport/versions.js';
import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';
import type { CheckResult } from '../preflight/run.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { checkInstalled } from './check.js';
import type { ActionContext } from './context.js';

export interface BugReportRequest {
  release: ReleaseIdentity;
  /** `kthena-bug-report-<time>.tgz` in the current folder where it is undefined. */
  file: string | undefined;
}

export interface BugReport {
  path: string;
  files: number;
  /** What could not be read, or was left out, each with why. */
  unread: readonly string[];
}

/**
 * Writes an archive with what a person needs who has to find out what is wrong with an install. Secrets' values and private keys are never
 * in it; what the user may not read is left out and named. The file is there as a whole or not at all.
 *
 * @throws KthenaError `failed` where the file is there already or cannot be written; what `Unread.attempt` throws
 */
export async function bugReport(bundle: Bundle, request: BugReportRequest, context: ActionContext): Promise<BugReport> {
  const path = request.file ?? defaultName(context.now());
  if (!/\.(tgz|tar\.gz)$/.test(path)) {
    throw new KthenaError('usage', `--file ${path}: the name must end in .tgz or .tar.gz`);
  }
  await checkFree(path, { replace: false });
  const unread = new Unread(context.signal);
  const scope = { client: context.client, signal: context.signal, release: request.release, unread };
  const target = createTarget(path);
  let files = 0;
  async function* counted(): AsyncGenerator<ReportFile> {
    for await (const file of contents(bundle, scope, context)) {
      if (context.signal.aborted) throw new KthenaError('interrupted', 'stopped; no report was written');
      files++;
      yield file;
    }
  }
  try {
    await target.write(reportArchive(counted()));
    await target.publish(path, { replace: false });
  } finally {
    await target.discard();
  }
  return { path, files, unread: unread.entries };
}

/** In an order that is the same every time; the summary comes last, as it names what could not be read. */
async function* contents(bundle: Bundle, scope: Scope, context: ActionContext): AsyncGenerator<ReportFile> {
  const { release, unread } = scope;
  const step = (message: string): void => context.emit({ type: 'step', message });
  const runChecks = async (): Promise<CheckResult[]> => {
    step('Running the checks');
    const made = await unread.attempt('the checks', () => checkInstalled(bundle, { release, skipChecks: [] }, context));
    return made?.results ?? [];
  };
  step(`Reading release ${release.name} in namespace ${release.namespace}`);
  yield* versionFiles(scope);
  const history = await readRecord(scope);
  yield* recordFiles(history, bundle.schema, scope);
  const recorded = await recordedOf(history, scope);
  const live = await readObjects(recorded, scope);
  yield* objectFiles(live);
  yield* certificateFiles(recorded, live, context.now());
  step('Reading namespaces, pods and events');
  const pods: KubeObject[] = [];
  for (const namespace of namespacesOf(recorded, release.namespace)) {
    pods.push(...(yield* namespaceFiles(namespace, recorded, scope)));
  }
  step(`Reading the logs of ${pods.length} pods`);
  yield* logFiles(pods, scope);
  step('Reading CRDs and webhook configurations');
  const crds = (await bundle.crds()).map(({ object }) => object.metadata.name);
  yield* clusterFiles(crds, scope);
  const checks = history.length === 0 ? [] : await runChecks();
  yield* checkFiles(checks);
  yield summaryFile({
    release,
    latest: history.at(-1),
    server: scope.client.server,
    time: context.now(),
    checks,
    unread: unread.entries,
  });
}

function defaultName(now: Date): string {
  const time = now.toISOString().replace(/[-:.]/g, '');
  return `kthena-bug-report-${time}.tgz`;
}
