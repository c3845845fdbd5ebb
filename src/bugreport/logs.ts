import type { KubeObject } from '../kube/object.js';
import { KthenaError } from '../errors.js';
import { interruption } from '../kube/interruption.js';
import { resourcePath, withQuery } from '../kube/paths.js';
import { withTimeLimit } from '../kube/time-limit.js';
import { pathSegment } from './archive.js';
import { maskText } from './mask.js';
import { textFile, type ReportFile, type Scope } from './report-file.js';

/** Of each log the end: what went wrong stands there. */
const MAX_BYTES = 10 * 1024 * 1024;
/** A node that is down must not hold up the rest. */
const TIMEOUT_MS = 15_000;
/** Logs that are read, and held, at a time. */
const AT_ONCE = 4;

interface ContainerStatus {
  name: string;
  restartCount?: number;
  state?: { waiting?: unknown };
  lastState?: { terminated?: unknown };
}

interface Log {
  pod: KubeObject;
  container: string;
  previous: boolean;
}

/** The logs of all containers of the pods, and of those before their last restart; credentials masked. */
export async function* logFiles(pods: readonly KubeObject[], scope: Scope): AsyncGenerator<ReportFile> {
  const logs = pods.flatMap(logsOf);
  for (let first = 0; first < logs.length; first += AT_ONCE) {
    const read = logs.slice(first, first + AT_ONCE).map((log) => readLog(log, scope));
    for (const file of await Promise.all(read)) if (file !== undefined) yield file;
  }
}

/** A container that has not started has no log. */
function logsOf(pod: KubeObject): Log[] {
  const { initContainerStatuses = [], containerStatuses = [] } = (pod['status'] ?? {}) as {
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
  return [...initContainerStatuses, ...containerStatuses].flatMap(({ name, restartCount = 0, state, lastState }) => [
    ...(restartCount > 0 || lastState?.terminated !== undefined ? [{ pod, container: name, previous: true }] : []),
    ...(state?.waiting === undefined ? [{ pod, container: name, previous: false }] : []),
  ]);
}

async function readLog({ pod, container, previous }: Log, scope: Scope): Promise<ReportFile | undefined> {
  const { client, signal, unread } = scope;
  const { name, namespace } = pod.metadata;
  const what = `log of ${namespace}/${name}, container ${container}${previous ? ', before its restart' : ''}`;
  const path = `${resourcePath({ apiVersion: 'v1', plural: 'pods', namespace, name })}/log`;
  const query = withQuery(path, { container, previous: previous || undefined, timestamps: true });
  try {
    const end = await withTimeLimit(TIMEOUT_MS, (limited) => endOf(client.stream(query, limited)), signal);
    if (end.leftOut > 0) unread.add(what, `its first ${end.leftOut} bytes are left out`);
    const segments = ['logs', namespace ?? '', name, `${container}${previous ? '.previous' : ''}`].map(pathSegment);
    return textFile(`${segments.join('/')}.log`, maskText(end.text));
  } catch (error) {
    if (signal.aborted) throw interruption(signal);
    if (!(error instanceof KthenaError)) throw error;
    unread.add(what, error.code === 'interrupted' ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(error, query));
    return undefined;
  }
}

/** Without the path that the message is about. */
function reasonOf({ message }: KthenaError, path: string): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}

/** The last lines of a stream that fit; never much more is held. */
async function endOf(chunks: AsyncIterable<Buffer>): Promise<{ text: string; leftOut: number }> {
  const kept: Buffer[] = [];
  let bytes = 0;
  let leftOut = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    bytes += chunk.length;
    while (bytes - kept[0]!.length >= MAX_BYTES) {
      bytes -= kept[0]!.length;
      leftOut += kept.shift()!.length;
    }
  }
  const all = Buffer.concat(kept);
  const cut = leftOut > 0 || all.length > MAX_BYTES;
  const start = cut ? all.indexOf(10, Math.max(0, all.length - MAX_BYTES)) + 1 : 0;
  return { text: all.toString('utf8', start), leftOut: leftOut + start };
}
