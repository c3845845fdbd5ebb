import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { explain } from './explain.js';
import type { Problem } from './object-status.js';
import { labelSelectorOf } from './selector.js';
import { throttle } from './throttle.js';

/** A rollout that goes well needs no explanation, so the first one is not made at once. */
const DELAY_MS = 500;
const INTERVAL_MS = 500;

/** Some causes change no object: a volume that cannot be mounted is told by events alone. */
const REPEAT_MS = 10_000;

export interface DeploymentFollower {
  /** To be called when the Deployment changed. */
  refresh(): void;
  stop(): void;
}

/**
 * Explains a Deployment again and again while it is not ready: when it or one of its pods changes, at most every 500
 * ms, and every ten seconds. `current` gives its latest form. Never fails: what cannot be read is explained with less.
 */
export function followDeployment(
  client: KubeClient,
  current: () => KubeObject | undefined,
  onProblems: (problems: Problem[]) => void,
): DeploymentFollower {
  const controller = new AbortController();
  const { signal } = controller;
  const { request } = throttle(explainNow, { intervalMs: INTERVAL_MS, delayMs: DELAY_MS, signal });
  const start = setTimeout(() => void watchPods(), DELAY_MS);
  const repeat = setInterval(request, REPEAT_MS);
  request();

  async function explainNow(): Promise<void> {
    const deployment = current();
    if (deployment === undefined) return;
    const problems = await explain(client, deployment);
    if (!signal.aborted) onProblems(problems);
  }

  async function watchPods(): Promise<void> {
    const deployment = current();
    const { namespace } = deployment?.metadata ?? {};
    if (deployment === undefined || namespace === undefined) return;
    const pods = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: labelSelectorOf(deployment) };
    try {
      for await (const _change of client.watch(pods, signal)) request();
    } catch {
      // Pods may not be watched: the Deployment's own changes and the repetition remain.
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
