import type { KubeClient } from '../kube/client.js';
import { keyOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { isDeployment, ownProblems } from './explain.js';
import { followDeployment, type DeploymentFollower } from './follow-deployment.js';
import type { Observation, Observations } from './observations.js';
import type { Problem } from './object-status.js';
import { isReadyOnceItExists } from './status.js';
import { watchTarget, watchTargets } from './watch-refs.js';

/** A failure has to last this long: right after a change a controller may still show the failure of before it. */
const SETTLE_MS = 2_000;

export interface ReadinessListener {
  onProgress(observation: Observation): void;
  /** All objects are ready, or waiting for one of them is of no use. May be told more than once. */
  onEnd(outcome: 'ready' | 'failed'): void;
}

/** Keeps observations up to date from the cluster until its signal aborts. */
export class ReadinessWatch {
  readonly #client: KubeClient;
  readonly #observations: Observations;
  readonly #listener: ReadinessListener;
  readonly #signal: AbortSignal;
  readonly #followers = new Map<string, DeploymentFollower>();
  #settling: NodeJS.Timeout | undefined;

  constructor(client: KubeClient, observations: Observations, listener: ReadinessListener, signal: AbortSignal) {
    this.#client = client;
    this.#observations = observations;
    this.#listener = listener;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#release(), { once: true });
  }

  /** Resolves when the signal has aborted; rejects if an object may not be read or watched. */
  async run(refs: readonly ObjectRef[]): Promise<void> {
    this.#judge();
    const watched = refs.filter((ref) => !isReadyOnceItExists(ref));
    const read = refs.filter(isReadyOnceItExists);
    await Promise.all([this.#watch(watched), ...read.map((ref) => this.#readOnce(ref))]);
  }

  async #readOnce(ref: ObjectRef): Promise<void> {
    const object = await this.#client.get(ref);
    if (this.#signal.aborted) return;
    if (object !== undefined) this.#see(ref, object);
    if (this.#observations.of(ref).status.state !== 'ready') await this.#watch([ref]);
  }

  async #watch(refs: readonly ObjectRef[]): Promise<void> {
    const see = (ref: ObjectRef, object: KubeObject | undefined) => this.#see(ref, object);
    await Promise.all(watchTargets(refs).map((target) => watchTarget(this.#client, target, this.#signal, see)));
  }

  #see(ref: ObjectRef, object: KubeObject | undefined): void {
    const changed = this.#observations.see(ref, object);
    if (object !== undefined && isDeployment(ref)) this.#follow(ref);
    else if (object !== undefined) this.#observations.note(ref, ownProblems(object));
    if (changed) this.#listener.onProgress(this.#observations.of(ref));
    this.#judge();
  }

  #note(ref: ObjectRef, problems: readonly Problem[]): void {
    const changed = this.#observations.note(ref, problems);
    if (changed) this.#listener.onProgress(this.#observations.of(ref));
    this.#judge();
  }

  /** Explains a Deployment while it is not ready. */
  #follow(ref: ObjectRef): void {
    const key = keyOf(ref);
    const follower = this.#followers.get(key);
    if (this.#observations.of(ref).status.state === 'ready') {
      follower?.stop();
      this.#followers.delete(key);
    } else if (follower !== undefined) {
      follower.refresh();
    } else {
      const current = () => this.#observations.object(ref);
      this.#followers.set(
        key,
        followDeployment(this.#client, current, (problems) => this.#note(ref, problems)),
      );
    }
  }

  #judge(): void {
    if (this.#observations.allReady) return this.#listener.onEnd('ready');
    if (this.#observations.hasFailed) {
      this.#settling ??= setTimeout(() => this.#listener.onEnd('failed'), SETTLE_MS);
    } else {
      clearTimeout(this.#settling);
      this.#settling = undefined;
    }
  }

  #release(): void {
    clearTimeout(this.#settling);
    for (const follower of this.#followers.values()) follower.stop();
    this.#followers.clear();
  }
}
