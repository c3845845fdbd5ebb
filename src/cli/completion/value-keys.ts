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
  let start = 0;
  let nesting = 0;
  let from = 0;
  let path: (string | number)[] = [];
  let at: 'key' | 'value' = 'key';
  for (let position = 0; position < text.length; position++) {
    const character = text[position]!;
    if (character === '\\') position++;
    else if (at === 'value' && '{['.includes(character)) {
      nesting++;
      from = position + 1;
    } else if (at === 'value' && '}]'.includes(character)) nesting--;
    else if (character === ',' && at === 'value' && nesting > 0) from = position + 1;
    else if (character === ',' && !single) {
      [start, from, path, at] = [position + 1, position + 1, [], 'key'];
    } else if (at === 'key' && '.='.includes(character)) {
      path.push(...segmentsOf(text.slice(from, position)));
      from = position + 1;
      if (character === '=') at = 'value';
    }
  }
  const inList = at === 'value' && from > start && /[{[,]/.test(text[from - 1] ?? '') ? [0] : [];
  return { before: text.slice(0, from), path: [...path, ...inList], text: text.slice(from), at };
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
      text: `${key.replace(/[\\.,=[]/g, '\\$&')}${endOf(schema)}`,
      description: firstSentence(schema['description']),
    }));
}

/** What follows a key: more keys, the first item of a list of maps, or its value. */
function endOf(schema: Schema): string {
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
