import { createHash } from 'node:crypto';
import { formatJson } from './exact-json.js';
import type { SavedResource } from './resource.js';

/** Counts what goes into a backup or comes out of one, and takes a fingerprint of it: the same resources give the same. */
export class Tally {
  resources = 0;
  readonly #kinds = new Map<string, number>();
  readonly #namespaces = new Map<string, number>();
  readonly #hash = createHash('sha256');

  add(resource: SavedResource): void {
    const { kind, metadata } = resource.object;
    this.resources++;
    count(this.#kinds, kind);
    if (metadata.namespace !== undefined) count(this.#namespaces, metadata.namespace);
    this.#hash.update(formatJson([resource.object, resource.aside]));
  }

  /** Kinds and namespaces: all of this that grows with what is counted. */
  get distinct(): number {
    return this.#kinds.size + this.#namespaces.size;
  }

  kinds(): Record<string, number> {
    return Object.fromEntries(this.#kinds);
  }

  namespaces(): Record<string, number> {
    return Object.fromEntries(this.#namespaces);
  }

  /** To be asked once, at the end. */
  fingerprint(): string {
    return this.#hash.digest('hex');
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
