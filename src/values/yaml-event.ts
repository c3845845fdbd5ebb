import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';

export type CollectionEvent = MappingEvent | SequenceEvent;

/** Where the text of an event starts, its tag, anchor and quote included; `undefined` for an empty scalar. */
export function startOf(event: Event): number | undefined {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return undefined;
  const starts = [event.tagStart, event.anchorStart === -1 ? -1 : event.anchorStart - 1, contentStart(event)];
  const written = starts.filter((start) => start !== -1);
  return written.length === 0 ? undefined : Math.min(...written);
}

function contentStart(event: CollectionEvent | ScalarEvent): number {
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return quoted ? event.valueStart - 1 : event.valueStart;
}

/** `int` for `!!int` and its long form, any other tag as it is written; `undefined` without one. */
export function tagOf(event: CollectionEvent | ScalarEvent, text: string): string | undefined {
  if (event.tagStart === -1) return undefined;
  const tag = text.slice(event.tagStart, event.tagEnd);
  return /^(?:!!([a-z]+)|!<tag:yaml\.org,2002:([a-z]+)>)$/.exec(tag)?.slice(1).find(Boolean) ?? tag;
}

/** The name that the value is repeated by, without its `&`. */
export function anchorOf(event: CollectionEvent | ScalarEvent, text: string): string | undefined {
  return event.anchorStart === -1 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}
