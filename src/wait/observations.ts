import { keyOf, type KubeObject, type ObjectRef } from '../kube/object.js';
import { isDeployment } from './explain.js';
import { MISSING, type ObjectStatus, type Problem } from './object-status.js';
import { statusOf } from './status.js';

/** One object as the wait sees it. */
export interface Observation {
  ref: ObjectRef;
  status: ObjectStatus;
  /** Why it is not ready, as far as known; empty where it is. */
  problems: readonly Problem[];
}

/** An object that is ready, and what the user should know of it all the same. */
export interface Remark {
  ref: ObjectRef;
  remark: string;
}

interface Entry extends Observation {
  object: KubeObject | undefined;
  /** The failure stood there when the wait began: left by an earlier run, it may be over soon. */
  inherited: boolean;
}

/**
 * The latest state of the objects waited for, and what follows from it. No I/O, no clock. Objects begin as `missing`.
 */
export class Observations {
  readonly #entries: Map<string, Entry>;

  constructor(refs: readonly ObjectRef[]) {
    this.#entries = new Map(
      refs.map((ref) => [keyOf(ref), { ref, status: MISSING, problems: [], object: undefined, inherited: false }]),
    );
  }

  /**
   * Notes an object's present form, undefined once it is gone. True where its state or message changed.
   * Problems noted before stay until there are others, or the object is ready.
   */
  see(ref: ObjectRef, object: KubeObject | undefined): boolean {
    const entry = this.#entry(ref);
    const before = entry.status;
    const isFirst = entry.object === undefined;
    entry.object = object;
    entry.status = object === undefined ? MISSING : statusOf(object);
    // Only a Deployment says `failed` of what may still succeed: its pods may have got by now what they waited for.
    entry.inherited = entry.status.state === 'failed' && isDeployment(ref) && (isFirst || entry.inherited);
    if (entry.status.state === 'ready' || object === undefined) entry.problems = [];
    return !sameStatus(before, entry.status);
  }

  /** Notes why an object is not ready. True where the problems changed; ignored for one that is ready. */
  note(ref: ObjectRef, problems: readonly Problem[]): boolean {
    const entry = this.#entry(ref);
    if (entry.status.state === 'ready' || JSON.stringify(entry.problems) === JSON.stringify(problems)) return false;
    entry.problems = problems;
    return true;
  }

  of(ref: ObjectRef): Observation {
    return observationOf(this.#entry(ref));
  }

  /** The latest form of an object; undefined while it is missing. */
  object(ref: ObjectRef): KubeObject | undefined {
    return this.#entry(ref).object;
  }

  get allReady(): boolean {
    return [...this.#entries.values()].every(({ status }) => status.state === 'ready');
  }

  /** True where some object cannot become ready by itself. */
  get hasFailed(): boolean {
    return [...this.#entries.values()].some(
      ({ status, problems, inherited }) =>
        (status.state === 'failed' && !inherited) || problems.some(({ terminal }) => terminal),
    );
  }

  notReady(): Observation[] {
    return [...this.#entries.values()].filter(({ status }) => status.state !== 'ready').map(observationOf);
  }

  remarks(): Remark[] {
    return [...this.#entries.values()].flatMap(({ ref, status: { state, remark } }) =>
      state === 'ready' && remark !== undefined ? [{ ref, remark }] : [],
    );
  }

  #entry(ref: ObjectRef): Entry {
    const entry = this.#entries.get(keyOf(ref));
    if (entry === undefined) throw new Error(`not waited for: ${keyOf(ref)}`);
    return entry;
  }
}

function observationOf({ ref, status, problems }: Entry): Observation {
  return { ref, status, problems };
}

function sameStatus(a: ObjectStatus, b: ObjectStatus): boolean {
  return a.state === b.state && a.message === b.message && a.remark === b.remark;
}
