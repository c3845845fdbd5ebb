import type { KubeClient } from '../kube/client.js';
import { resourcePath, withQuery } from '../kube/paths.js';
import { withTimeLimit } from '../kube/time-limit.js';
import { crashKey, lastWords, type Crash } from './crashes.js';

/** A node that is down must not keep the rest of an explanation waiting. */
const TIMEOUT_MS = 1_500;
const MAX_LOGS = 2;
const TAIL_LINES = 40;
const MAX_BYTES = 32_768;

/**
 * The last words of crashed containers, by `crashKey`, from their logs. Left out is what cannot be read: no permission,
 * a node that does not answer, a log that is gone. Of other than crashed containers no log is ever read, and of a log no
 * more than `lastWords`, since it may hold anything.
 */
export async function readLastWords(client: KubeClient, crashes: readonly Crash[]): Promise<Map<string, string>> {
  const read = crashes.slice(0, MAX_LOGS).map(async (crash): Promise<[string, string]> => {
    const log = await readLog(client, crash).catch(() => '');
    return [crashKey(crash.container, crash.exitCode), lastWords(log)];
  });
  return new Map((await Promise.all(read)).filter(([, words]) => words !== ''));
}

async function readLog(client: KubeClient, { pod, container, previous }: Crash): Promise<string> {
  const { name, namespace } = pod.metadata;
  const path = `${resourcePath({ apiVersion: 'v1', plural: 'pods', namespace, name })}/log`;
  const query = { container, previous: previous || undefined, tailLines: TAIL_LINES, limitBytes: MAX_BYTES };
  return withTimeLimit(TIMEOUT_MS, async (signal) => {
    const chunks: Buffer[] = [];
    for await (const chunk of client.stream(withQuery(path, query), signal)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  });
}
