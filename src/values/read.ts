import { assign } from './assign.js';
import { readTextFile, tooLarge } from './files.js';
import { KthenaError } from '../errors.js';
import { holdsInfinity, readJsonValue } from './json.js';
import { convertObsolete } from './obsolete.js';
import { markOf, overlay, placeAt, placedAt } from './place.js';
import type { PlacedValues } from './place.js';
import { parseAssignments } from './set-grammar.js';
import type { Assignment, SetFlag } from './set-grammar.js';
import { isMap, MAX_FILE_BYTES } from './value.js';
import type { ValuePath, Values } from './value.js';
import { parseValuesYaml } from './yaml.js';

/** The flags that set values, each with its texts in the order of the command line. */
export interface ValueFlags {
  /** `-f`; `-` is standard input. */
  files: readonly string[];
  setJson: readonly string[];
  set: readonly string[];
  setString: readonly string[];
  setFile: readonly string[];
  setLiteral: readonly string[];
}

export interface UserValues {
  /** What the user set and nothing else: every `null` is kept, obsolete spellings are converted. */
  readonly values: Values;
  readonly warnings: readonly string[];
  /**
   * Where the user set the value at this path: `values.yaml:12:5`, `--set networking.kthenaRouter.port`; what was set as a
   * whole around it counts. `undefined` where the user set nothing, so that the default holds.
   */
  placeOf(path: ValuePath): string | undefined;
}

/**
 * Reads what the user set. Later wins, and the kinds of flags have a fixed order whatever theirs on the command line: files
 * from left to right, then `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
 *
 * @throws KthenaError `values` for a file that cannot be read, text that cannot be parsed, obsolete spellings that disagree
 */
export async function readUserValues(flags: ValueFlags, io: { readStdin(): Promise<string> }): Promise<UserValues> {
  const reader = new SourceReader(io);
  let placed: PlacedValues = { values: {}, places: new Map() };
  for (const path of flags.files.flatMap(splitPaths)) {
    placed = overlay(placed, parseValuesYaml(await reader.text(path), reader.nameOf(path)));
  }
  for (const text of flags.setJson) placed = setJson(placed, text);
  for (const text of flags.set) placed = setAll(placed, '--set', parseAssignments('--set', text));
  for (const text of flags.setString) placed = setAll(placed, '--set-string', parseAssignments('--set-string', text));
  for (const text of flags.setFile) {
    placed = setAll(placed, '--set-file', await readNamedFiles(parseAssignments('--set-file', text), reader));
  }
  for (const text of flags.setLiteral)
    placed = setAll(placed, '--set-literal', parseAssignments('--set-literal', text));
  return userValues(convertObsolete(placed));
}

/**
 * Values that were recorded earlier, such as those of a release, as the user's.
 *
 * @param place what to report for each of them: `release kthena, revision 3`
 */
export function recordedUserValues(values: Values, place: string): UserValues {
  return userValues(convertObsolete(placedAt(values, markOf(place))));
}

/** As in Helm, one `-f` may name several files with commas between them. */
function splitPaths(paths: string): string[] {
  const names = paths.split(',');
  if (names.includes('')) throw new KthenaError('usage', `-f ${JSON.stringify(paths)}: the name of a file is missing`);
  return names;
}

function userValues({ placed, warnings }: { placed: PlacedValues; warnings: string[] }): UserValues {
  return { values: placed.values, warnings, placeOf: (path) => placeAt(placed, path) };
}

function setAll(placed: PlacedValues, flag: SetFlag, assignments: readonly Assignment[]): PlacedValues {
  return assignments.reduce((result, assignment) => assign(result, assignment, flag), placed);
}

/** `--set-json` takes assignments, or one JSON map that is merged as a file is. */
function setJson(placed: PlacedValues, text: string): PlacedValues {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return setAll(placed, '--set-json', parseAssignments('--set-json', text));
  const read = readJsonValue(trimmed, 0);
  if (read === undefined || read.end !== trimmed.length || !isMap(read.value)) {
    throw new KthenaError('values', '--set-json {…}: this is not valid JSON');
  }
  if (holdsInfinity(read.value)) throw new KthenaError('values', '--set-json {…}: a number is too large');
  return overlay(placed, placedAt(read.value, markOf('--set-json')));
}

async function readNamedFiles(assignments: readonly Assignment[], reader: SourceReader): Promise<Assignment[]> {
  const read: Assignment[] = [];
  for (const { path, value } of assignments) {
    if (typeof value === 'string') read.push({ path, value: await reader.text(value) });
    else if (Array.isArray(value)) read.push({ path, value: await reader.texts(value as string[]) });
    else read.push({ path, value });
  }
  return read;
}

/** Standard input can be read once; a second `-` would silently be empty. */
class SourceReader {
  #stdinIsRead = false;

  constructor(private readonly io: { readStdin(): Promise<string> }) {}

  nameOf(path: string): string {
    return path === '-' ? 'stdin' : path;
  }

  async text(path: string): Promise<string> {
    if (path !== '-') return readTextFile(path);
    if (this.#stdinIsRead) throw new KthenaError('values', 'stdin: standard input can be named only once');
    this.#stdinIsRead = true;
    const text = await this.io.readStdin();
    if (text.length > MAX_FILE_BYTES) throw tooLarge('stdin');
    return text;
  }

  async texts(paths: readonly string[]): Promise<string[]> {
    const texts: string[] = [];
    for (const path of paths) texts.push(await this.text(path));
    return texts;
  }
}
