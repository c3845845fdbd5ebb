import { distance } from 'fastest-levenshtein';
import { knownPaths, propertiesOf, schemaAt } from './schema.js';
import type { Schema } from './schema.js';
import { formatPath } from './value.js';
import type { ValuePath } from './value.js';

/** More alternatives than this are no help. */
const MAX_SUGGESTIONS = 3;
const MAX_LISTED = 12;

/**
 * What the user may have meant by a key the schema does not have, as the end of a sentence: `did you mean a.b.port?`.
 * A similar name in the same map comes first, then the same name in another place of the tree, then a similar name there.
 *
 * @param path the unknown key, from the top; what is inside it may be named too
 * @param unknown how many leading segments of `path` lead to the unknown key, itself included
 */
export function suggestFor(path: ValuePath, unknown: number, schema: Schema): string {
  const around = path.slice(0, unknown - 1);
  const key = String(path[unknown - 1] ?? '');
  const siblings = Object.keys(propertiesOf(schemaAt(schema, around) ?? {}));
  const sibling = closest(key, siblings);
  if (sibling !== undefined) return didYouMean([formatPath([...around, sibling, ...path.slice(unknown)])]);
  const known = knownPaths(schema)
    .filter((names) => names.some((name, index) => name !== path[index]))
    .map((names) => names.join('.'));
  const elsewhere = samePlaceEnding(path, known);
  if (elsewhere.length > 0 && elsewhere.length <= MAX_SUGGESTIONS) return didYouMean(elsewhere);
  const similar = similarLastName(String(path.at(-1)), known);
  if (similar.length > 0 && similar.length <= MAX_SUGGESTIONS) return didYouMean(similar);
  return keysHere(siblings, around, key);
}

/** Known paths that end as the user's does; the longer the common end, the better. */
function samePlaceEnding(path: ValuePath, known: readonly string[]): string[] {
  for (let from = 0; from < path.length; from++) {
    const end = path.slice(from).join('.').toLowerCase();
    const found = known.filter((candidate) => `.${candidate.toLowerCase()}`.endsWith(`.${end}`));
    if (found.length > 0) return found;
  }
  return [];
}

function similarLastName(last: string, known: readonly string[]): string[] {
  const name = closest(last, [...new Set(known.map(lastName))]);
  return known.filter((candidate) => lastName(candidate) === name);
}

/** The nearest name, if it is near: one letter in three may differ, two may have changed places; case does not count. */
function closest(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, steps: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const [best] = ranked;
  if (best === undefined) return undefined;
  // Of four letters, two wrong ones are half the name; but `prot` is `port`.
  const most =
    name.length > 4 || lettersOf(name) === lettersOf(best.candidate) ? Math.max(2, Math.floor(name.length / 3)) : 1;
  return best.steps <= most ? best.candidate : undefined;
}

function lettersOf(name: string): string {
  return [...name.toLowerCase()].sort().join('');
}

function keysHere(siblings: readonly string[], around: ValuePath, key: string): string {
  const place = around.length === 0 ? 'at the top' : `of ${formatPath(around)}`;
  if (siblings.length <= MAX_LISTED) return `the keys ${place} are ${siblings.join(', ')}`;
  const [best = ''] = [...siblings].sort((a, b) => distance(key, a) - distance(key, b));
  return `the nearest key ${place} is ${best}`;
}

function didYouMean(paths: readonly string[]): string {
  return `did you mean ${paths.join(' or ')}?`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
