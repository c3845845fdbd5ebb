import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { KthenaError } from '../errors.js';
import type { LineIndex } from './line-index.js';
import type { Mark, PlaceNode } from './place.js';
import { resolvePlain, resolveTagged } from './scalar.js';
import { isMap, MAX_DEPTH, setOwn } from './value.js';
import type { Value, Values } from './value.js';
import { anchorOf, startOf, tagOf } from './yaml-event.js';
import type { CollectionEvent } from './yaml-event.js';

/** Bound on the values of one document after its aliases are followed. */
const MAX_NODES = 1_000_000;

/** A value, its place, and what it amounts to when every alias in it is followed. */
export interface Composed {
  readonly value: Value;
  readonly place: PlaceNode;
  readonly nodes: number;
  readonly depth: number;
}

/**
 * Makes values and their places of the parser's events. It does what `constructFromEvents` of js-yaml does, which cannot
 * tell where a value was, and counts what aliases repeat: the repeated value is shared, but whoever walks the result
 * visits it each time, so a few lines could stand for more than memory or time allow.
 */
export class Composer {
  readonly #anchors = new Map<string, Composed | 'open'>();
  #next = 0;

  constructor(
    private readonly events: readonly Event[],
    private readonly lines: LineIndex,
  ) {}

  /** @throws KthenaError `values`, with the place, for what the dialect of values does not have */
  documents(): Composed[] {
    const documents: Composed[] = [];
    while (this.#next < this.events.length) {
      const event = this.#take();
      if (event.type !== EVENT_ID.DOCUMENT) continue;
      this.#anchors.clear();
      documents.push(this.#node(0));
    }
    return documents;
  }

  /** @param around offset to report for a value without a text of its own */
  #node(around: number): Composed {
    const event = this.#take();
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event, startOf(event) ?? around));
      case EVENT_ID.SEQUENCE:
        return this.#collection(event, 'seq', () => this.#sequence(event));
      case EVENT_ID.MAPPING:
        return this.#collection(event, 'map', () => this.#mapping(event));
      case EVENT_ID.ALIAS:
        return this.#alias(event.anchorStart, event.anchorEnd);
      default:
        throw new Error(`unexpected event ${event.type} from the YAML parser`);
    }
  }

  #scalar(event: ScalarEvent, offset: number): Composed {
    const text = getScalarValue(this.lines.text, event);
    const tag = tagOf(event, this.lines.text);
    let value: Value | undefined = text;
    if (tag !== undefined) value = tag === '!' ? text : resolveTagged(tag, text);
    else if (event.style === SCALAR_STYLE.PLAIN) value = resolvePlain(text);
    if (value === undefined) {
      const problem =
        tag === undefined ? 'a number must be finite' : 'values have no such tag, or the text is not of its type';
      throw this.#error(offset, problem);
    }
    return { value, place: { mark: this.#mark(offset) }, nodes: 1, depth: 0 };
  }

  #sequence(event: SequenceEvent): Composed {
    const total = new Total((message) => this.#error(event.start, message));
    const value: Value[] = [];
    const items = new Map<string, PlaceNode>();
    while (!this.#closes()) {
      const item = this.#node(event.start);
      total.add(item);
      items.set(String(value.length), item.place);
      value.push(item.value);
    }
    return { value, place: { mark: this.#mark(event.start), items }, nodes: total.nodes, depth: total.depth };
  }

  #mapping(event: MappingEvent): Composed {
    const total = new Total((message) => this.#error(event.start, message));
    const value: Values = {};
    const items = new Map<string, PlaceNode>();
    const merged: Composed[] = [];
    while (!this.#closes()) {
      const offset = startOf(this.#peek()) ?? event.start;
      const merges = this.#isMergeKey();
      const key = this.#key(offset);
      const item = this.#node(offset);
      total.add(item);
      if (merges) {
        for (const source of this.#mergeSources(item, offset)) merged.push(source);
        continue;
      }
      if (Object.hasOwn(value, key)) throw this.#error(offset, `the key ${key} is already in this map`);
      setOwn(value, key, item.value);
      items.set(key, { ...item.place, mark: this.#mark(offset) });
    }
    for (const source of merged) addMissing(value, items, source);
    return { value, place: { mark: this.#mark(event.start), items }, nodes: total.nodes, depth: total.depth };
  }

  #key(offset: number): string {
    const { value } = this.#node(offset);
    if (value === null || typeof value === 'object') throw this.#error(offset, 'a key must be a text');
    return String(value);
  }

  #isMergeKey(): boolean {
    const event = this.#peek();
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN || event.tagStart !== -1) return false;
    return getScalarValue(this.lines.text, event) === '<<';
  }

  /** A merge key takes a map or a list of maps, of which the first that has a key wins. */
  #mergeSources(item: Composed, offset: number): Composed[] {
    const { value: list, place } = item;
    const sources = Array.isArray(list)
      ? list.map((value, index) => ({ ...item, value, place: place.items?.get(String(index)) ?? place }))
      : [item];
    if (!sources.every(({ value }) => isMap(value))) throw this.#error(offset, '<< takes a map or a list of maps');
    return sources;
  }

  #collection(event: CollectionEvent, kind: 'map' | 'seq', compose: () => Composed): Composed {
    const tag = tagOf(event, this.lines.text);
    if (tag !== undefined && tag !== '!' && tag !== kind) {
      throw this.#error(startOf(event) ?? event.start, 'values have no such tag');
    }
    const anchor = anchorOf(event, this.lines.text);
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    return this.#anchored(event, compose());
  }

  #anchored(event: CollectionEvent | ScalarEvent, composed: Composed): Composed {
    const anchor = anchorOf(event, this.lines.text);
    if (anchor !== undefined) this.#anchors.set(anchor, composed);
    return composed;
  }

  /** The name stays out of the message: a password that starts with `*` and lacks quotes looks like an alias. */
  #alias(start: number, end: number): Composed {
    const target = this.#anchors.get(this.lines.text.slice(start, end));
    const offset = start - 1;
    if (target === 'open') throw this.#error(offset, 'the alias stands inside the very value it repeats');
    if (target === undefined) {
      throw this.#error(offset, 'an alias without an anchor above it; a text that starts with * needs quotes');
    }
    return { ...target, place: { ...target.place, mark: this.#mark(offset) } };
  }

  #closes(): boolean {
    if (this.#peek().type !== EVENT_ID.POP) return false;
    this.#take();
    return true;
  }

  #peek(): Event {
    const event = this.events[this.#next];
    if (event === undefined) throw new Error('the YAML parser left a value open');
    return event;
  }

  #take(): Event {
    const event = this.#peek();
    this.#next++;
    return event;
  }

  #mark(offset: number): Mark {
    return { source: this.lines, offset };
  }

  #error(offset: number, message: string): KthenaError {
    return new KthenaError('values', `${this.lines.describe(offset)}: ${message}`);
  }
}

/** Counts a collection's items as if every alias were written out. */
class Total {
  nodes = 1;
  depth = 1;

  constructor(private readonly error: (message: string) => KthenaError) {}

  add(item: Composed): void {
    this.nodes += item.nodes;
    this.depth = Math.max(this.depth, item.depth + 1);
    if (this.nodes > MAX_NODES) throw this.error(`this holds, aliases written out, more than ${MAX_NODES} values`);
    if (this.depth > MAX_DEPTH)
      throw this.error(`with its aliases written out this is nested more than ${MAX_DEPTH} deep`);
  }
}

function addMissing(value: Values, items: Map<string, PlaceNode>, source: Composed): void {
  if (!isMap(source.value)) return;
  for (const [key, item] of Object.entries(source.value)) {
    if (Object.hasOwn(value, key)) continue;
    setOwn(value, key, item);
    const place = source.place.items?.get(key);
    if (place !== undefined) items.set(key, place);
  }
}
