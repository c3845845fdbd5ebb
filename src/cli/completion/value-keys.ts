import { branchesOf, propertiesOf, schemaAt, type Schema } from '../../values/schema.js';
import { isMap } from '../../values/value.js';
import { behind, startingWith, type Candidate } from './candidate.js';

/** The text of a `--set` flag that is being typed, taken apart at the cursor. */
export interface OpenAssignment {
  /** What is done: the assignments before this one, and of this one the parts that are whole. */
  before: string;
  path: (string | number)[];
  /** The key or value at the cursor. */
  text: string;
  at: 'key' | 'value';
}

/**
 * Finds the assignment at the end of `a.b=1,c.d`; one that a backslash or braces hide is no end.
 *
 * @param single the flag takes one assignment, and commas belong to its value
 */
export function openAssignment(text: string, single: boolean): OpenAssignment {
  let path: (string | number)[] = [];
  let from = 0;
  while (from < text.length) {
    const stop = endOf(text, from, '.=');
    if (stop === undefined) break;
    path.push(...segmentsOf(text.slice(from, stop)));
    from = stop + 1;
    if (text[stop] === '.') continue;
    const end = single ? undefined : endOfValue(text, from);
    if (end === undefined) return openValue(text, from, path);
    [path, from] = [[], end + 1];
  }
  return { before: text.slice(0, from), path, text: text.slice(from), at: 'key' };
}

/** The value at the end of the text, or the item of a list. */
function openValue(text: string, from: number, path: (string | number)[]): OpenAssignment {
  const item = /^[{[](?:.*,)?/s.exec(text.slice(from));
  const start = from + (item?.[0].length ?? 0);
  const inList = item === null ? [] : [0];
  return { before: text.slice(0, start), path: [...path, ...inList], text: text.slice(start), at: 'value' };
}

/** Where the value that begins here ends: at a comma outside of braces; undefined where it goes on to the end. */
function endOfValue(text: string, from: number): number | undefined {
  let nesting = 0;
  for (let position = from; position < text.length; position++) {
    const character = text[position]!;
    if (character === '\\') position++;
    else if ('{['.includes(character)) nesting++;
    else if ('}]'.includes(character)) nesting--;
    else if (character === ',' && nesting === 0) return position;
  }
  return undefined;
}

/** The first of these characters that no backslash stands before. */
function endOf(text: string, from: number, stops: string): number | undefined {
  for (let position = from; position < text.length; position++) {
    if (text[position] === '\\') position++;
    else if (stops.includes(text[position]!)) return position;
  }
  return undefined;
}

/** `tolerations[0]` is a key and an index. */
function segmentsOf(part: string): (string | number)[] {
  const [, name = '', indexes = ''] = /^(.*?)((?:\[\d+\])*)$/s.exec(part) ?? [];
  const numbers = [...indexes.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return [...(name === '' ? [] : [name.replace(/\\(.)/gs, '$1')]), ...numbers];
}

/** Keys of the values, section by section, and the values that a schema lists. */
export function valueCandidates({ before, path, text, at }: OpenAssignment, schema: Schema): Candidate[] {
  const place = schemaAt(schema, path);
  if (place === undefined) return [];
  const found = at === 'key' ? keysOf(place) : choicesOf(place).map((choice) => ({ text: choice }));
  return behind(before, startingWith(text, found));
}

function keysOf(place: Schema): Candidate[] {
  return [place, ...branchesOf(place)]
    .flatMap((one) => Object.entries(propertiesOf(one)))
    .map(([key, schema]) => ({
      text: `${key.replace(/[\\.,=[]/g, '\\$&')}${sequelOf(schema)}`,
      description: firstSentence(schema['description']),
    }));
}

/** What follows a key: more keys, the first item of a list of maps, or its value. */
function sequelOf(schema: Schema): string {
  if (hasKeys(schema)) return '.';
  const { items } = schema as { items?: Schema };
  return isMap(items) && hasKeys(items) ? '[0].' : '=';
}

function hasKeys(schema: Schema): boolean {
  return Object.keys(propertiesOf(schema)).length > 0 || isMap(schema['additionalProperties']);
}

function choicesOf(place: Schema): string[] {
  return [place, ...branchesOf(place)].flatMap((one) => {
    if (Array.isArray(one['enum'])) return one['enum'].map(String);
    return [one['type']].flat().includes('boolean') ? ['true', 'false'] : [];
  });
}

function firstSentence(description: unknown): string {
  return typeof description === 'string' ? description.replace(/[.;](?:\s.*|$)/s, '') : '';
}
