import { EVENT_ID, parseEvents, YAMLException } from 'js-yaml';
import type { Event } from 'js-yaml';
import { KthenaError } from '../errors.js';
import { Composer } from './compose.js';
import { LineIndex } from './line-index.js';
import { tooLarge } from './files.js';
import { describeMark } from './place.js';
import type { PlacedValues } from './place.js';
import { isMap, MAX_DEPTH, MAX_FILE_BYTES } from './value.js';

/**
 * Reads the text of a values file: one YAML document whose top is a map, in the dialect of `scalar.ts`. Merge keys,
 * anchors and aliases work; what a few aliases would blow up to a huge document is refused. No document is no values.
 *
 * @param name how the file is called in places and errors: its path as the user gave it, or `stdin`
 * @throws KthenaError `values`, the place first: `values.yaml:3:7: …`
 */
export function parseValuesYaml(text: string, name: string): PlacedValues {
  if (text.length > MAX_FILE_BYTES) throw tooLarge(name);
  const lines = new LineIndex(text, name);
  const documents = new Composer(readEvents(text, name, lines), lines).documents();
  const [document, another] = documents.filter(({ value }) => value !== null);
  if (document === undefined) return { values: {}, places: new Map() };
  if (another !== undefined) {
    throw new KthenaError(
      'values',
      `${describeMark(another.place.mark)}: a second YAML document in one file of values`,
      {
        hint: 'Put each document into a file of its own and name them in order with -f.',
      },
    );
  }
  if (!isMap(document.value)) {
    throw new KthenaError('values', `${describeMark(document.place.mark)}: values must be a map of keys to values`);
  }
  return { values: document.value, places: document.place.items ?? new Map() };
}

function readEvents(text: string, name: string, lines: LineIndex): Event[] {
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // The parser's own message quotes the lines around the place, and with them perhaps a password.
    const reason = error.reason.replace(/(?:: | ").*$/s, '');
    const place = error.mark === undefined ? name : lines.describe(error.mark.position);
    throw new KthenaError('values', `${place}: ${reason}`);
  }
  const redefined = events.some(
    (event) => event.type === EVENT_ID.DOCUMENT && event.directives.some(({ kind }) => kind === 'tag'),
  );
  if (redefined) throw new KthenaError('values', `${name}: values cannot define tags of their own (%TAG)`);
  return events;
}
