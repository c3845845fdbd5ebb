import { setMaxListeners } from 'node:events';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { isHeldBy, leaseRef, renewed, type Claim } from './lease.js';
import { lostByDeletion, lostByTime, lostToAnother } from './messages.js';
import type { LockTiming } from './timing.js';

export const FIELD_MANAGER = 'kthena';

/** A moment by both clocks. */
export interface Moment {
  monotonic: number;
  wall: number;
}

/** A Lease in the hands of this run. */
export interface TakenLease {
  live: KubeObject;
  /** When the request was sent by which it came into them, or earlier. */
  sent: Moment;
}

/**
 * Renews a Lease that this run holds, until it is stopped or the Lease is lost. What decides is the API server, which takes a
 * replacement only of the Lease as it was last seen: after a pause of whatever length, a renewal that succeeds means that
 * nobody else has held it meanwhile.
 */
export class Renewal {
  readonly #client: KubeClient;
  readonly #claim: Claim;
  readonly #now: () => Date;
  readonly #timing: LockTiming;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #live: KubeObject;
  /** When the last renewal that succeeded was sent. */
  #renewed: Moment;
  #failure: unknown;
  #underWay: { sent: Moment; end: Promise<void> } | undefined;
  #stopped = false;

  constructor(
    client: KubeClient,
    claim: Claim,
    { live, sent }: TakenLease,
    { now, timing }: { now: () => Date; timing: LockTiming },
  ) {
    this.#client = client;
    this.#claim = claim;
    this.#now = now;
    this.#timing = timing;
    this.#live = live;
    this.#renewed = sent;
    // Every request and wait of the run may listen to it.
    setMaxListeners(0, this.#lost.signal);
    this.#timer = setInterval(() => this.#tick(), timing.tickMs).unref();
  }

  /** Aborts when the Lease is lost; its reason is the KthenaError that says how. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** The Lease as this run knows it. */
  get live(): KubeObject {
    return this.#live;
  }

  /** Resolves once no renewal is under way any more; from the call on, nothing is lost. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#underWay?.end;
  }

  #tick(): void {
    const { leaseSeconds, renewMs } = this.#timing;
    const sent = momentOf(this.#now());
    if (this.#underWay !== undefined) {
      if (this.#isTooLate(this.#underWay.sent, sent)) {
        this.#lose(lostByTime(this.#claim.release, leaseSeconds, this.#failure));
      }
    } else if (elapsed(this.#renewed, sent) >= renewMs) {
      const end = this.#renew(sent).finally(() => (this.#underWay = undefined));
      this.#underWay = { sent, end };
    }
  }

  /** A machine that wakes up finds its connections dead: it gets the time for new ones before its lock is given up. */
  #isTooLate(sent: Moment, now: Moment): boolean {
    const { leaseSeconds, renewMs } = this.#timing;
    if (now.monotonic - this.#renewed.monotonic >= leaseSeconds * 1000) return true;
    return elapsed(this.#renewed, now) >= leaseSeconds * 1000 && now.monotonic - sent.monotonic >= renewMs;
  }

  /** Never rejects. */
  async #renew(sent: Moment): Promise<void> {
    const options = { fieldManager: FIELD_MANAGER, timeoutMs: this.#timing.attemptMs };
    try {
      this.#live = await this.#client.replace(renewed(this.#live, this.#now()), options);
      this.#renewed = sent;
      this.#failure = undefined;
    } catch (error) {
      if (isApiError(error, 409) || isApiError(error, 404)) await this.#lookWhose();
      else this.#failed(error);
    }
  }

  /** What stood in the way may be a renewal of this very run whose answer was lost, or a label that somebody set. */
  async #lookWhose(): Promise<void> {
    try {
      const live = await this.#client.get(leaseRef(this.#claim.release));
      if (live === undefined) this.#lose(lostByDeletion(this.#claim.release));
      else if (!isHeldBy(live, this.#claim.identity)) this.#lose(lostToAnother(this.#claim.release, live));
      else this.#live = live;
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The next tick tries again, while there is time. */
  #failed(error: unknown): void {
    this.#failure = error;
    const { leaseSeconds } = this.#timing;
    if (elapsed(this.#renewed, momentOf(this.#now())) < leaseSeconds * 1000) return;
    this.#lose(lostByTime(this.#claim.release, leaseSeconds, error));
  }

  #lose(reason: Error): void {
    clearInterval(this.#timer);
    if (!this.#stopped) this.#lost.abort(reason);
  }
}

export function momentOf(now: Date): Moment {
  return { monotonic: performance.now(), wall: now.getTime() };
}

/**
 * By the clock that has gone further: on Linux the monotonic one stands still while the machine is suspended, and the other one
 * may be set back.
 */
function elapsed(start: Moment, end: Moment): number {
  return Math.max(end.monotonic - start.monotonic, end.wall - start.wall);
}
