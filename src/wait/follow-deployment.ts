import type { KubeClient, ListQuery } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { explain } from './explain.js';
import type { Problem } from './object-status.js';
import { labelSelectorOf } from './selector.js';
import { throttle } from './throttle.js';

/** A rollout that goes well needs no explanation, so the first one is not made at once. */
const DELAY_MS = 500;
const INTERVAL_MS = 500;

/** Where pods or events may not be watched. */
const REPEAT_MS = 10_000;

export interface DeploymentFollower {
  /** To be called when the Deployment changed. */
  refresh(): void;
  stop(): void;
}

/**
 * Explains a Deployment again and again while it is not ready: when it or one of its pods changes, or a Warning event
 * tells of them, at most every 500 ms. Where these may not be watched, every ten seconds. `current` gives its latest
 * form. Never fails: what cannot be read is explained with less.
 */
export function followDeployment(
  client: KubeClient,
  current: () => KubeObject | undefined,
  onProblems: (problems: Problem[]) => void,
): DeploymentFollower {
  const controller = new AbortController();
  const { signal } = controller;
  const { request } = throttle(explainNow, { intervalMs: INTERVAL_MS, delayMs: DELAY_MS, signal });
  const start = setTimeout(() => void Promise.all([watchPods(), watchEvents()]), DELAY_MS);
  let repeat: NodeJS.Timeout | undefined;
  request();

  async function explainNow(): Promise<void> {
    const deployment = current();
    if (deployment === undefined) return;
    const problems = await explain(client, deployment);
    if (!signal.aborted) onProblems(problems);
  }

  async function watchPods(): Promise<void> {
    const deployment = current();
    if (deployment === undefined) return;
    await watch({ kind: 'Pod', labelSelector: labelSelectorOf(deployment) }, () => true);
  }

  /** Some causes change no object: of a probe that fails or a volume that cannot be mounted events alone tell. */
  async function watchEvents(): Promise<void> {
    const name = current()?.metadata.name;
    if (name === undefined) return;
    await watch({ kind: 'Event', fieldSelector: 'type=Warning,involvedObject.kind=Pod' }, (event) =>
      involvedName(event).startsWith(`${name}-`),
    );
  }

  async function watch(
    query: Pick<ListQuery, 'kind' | 'labelSelector' | 'fieldSelector'>,
    concerns: (object: KubeObject) => boolean,
  ): Promise<void> {
    const namespace = current()?.metadata.namespace;
    if (namespace === undefined) return;
    try {
      for await (const { object } of client.watch({ apiVersion: 'v1', namespace, ...query }, signal)) {
        if (concerns(object)) request();
      }
    } catch {
      if (!signal.aborted) repeat ??= setInterval(request, REPEAT_MS);
    }
  }

  return {
    refresh: request,
    stop() {
      clearTimeout(start);
      clearInterval(repeat);
      controller.abort();
    },
  };
}

function involvedName(event: KubeObject): string {
  return (event as { involvedObject?: { name?: string } }).involvedObject?.name ?? '';
}
