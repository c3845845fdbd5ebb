import type { WatchEvent } from './client.js';
import { keyOf, refOf, type KubeObject } from './object.js';

/** What a watch has told its reader so far, so that a fresh list can be told as changes. */
export class WatchState {
  readonly #known = new Map<string, KubeObject>();

  /** The changes that lead from what was told to `objects`, deletions last; afterwards these count as told. */
  relist(objects: readonly KubeObject[]): WatchEvent[] {
    const keys = new Set(objects.map(key));
    const changes = objects.flatMap((object) => this.#change(object));
    const gone = [...this.#known].filter(([known]) => !keys.has(known));
    for (const [known] of gone) this.#known.delete(known);
    return [...changes, ...gone.map(([, object]): WatchEvent => ({ type: 'DELETED', object }))];
  }

  /** Takes an event of the server over; nothing where it was told already, as happens after a fresh list. */
  take(event: WatchEvent): WatchEvent[] {
    if (event.type !== 'DELETED') return this.#change(event.object);
    return this.#known.delete(key(event.object)) ? [event] : [];
  }

  #change(object: KubeObject): WatchEvent[] {
    const before = this.#known.get(key(object));
    this.#known.set(key(object), object);
    if (before === undefined) return [{ type: 'ADDED', object }];
    return before.metadata.resourceVersion === object.metadata.resourceVersion ? [] : [{ type: 'MODIFIED', object }];
  }
}

function key(object: KubeObject): string {
  return keyOf(refOf(object));
}
