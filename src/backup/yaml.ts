import { DUMP_SCHEMA, dump, load, YAMLException } from 'js-yaml';
import { HELM_SCHEMA, integerTag } from '../kube/yaml-schema.js';
import { exactInteger, formatJson } from './exact-json.js';

const INT = 'tag:yaml.org,2002:int';
/** Deeper than any schema; the API server itself takes a little more. */
const MAX_DEPTH = 500;

/** Scalars as kubectl reads them, so that a file edited by hand means the same to both. */
const READ_SCHEMA = HELM_SCHEMA.withTags(integerTag(exactInteger));

const plainInteger = DUMP_SCHEMA.tags.find((tag) => tag.tagName === INT && tag.nodeKind === 'scalar')!;
const WRITE_SCHEMA = DUMP_SCHEMA.withTags({
  ...plainInteger,
  identify: (value: unknown) => typeof value === 'bigint' || plainInteger.identify(value),
  represent: (value: unknown) =>
    typeof value === 'bigint' ? String(value) : (plainInteger.represent as (value: unknown) => string)(value),
} as typeof plainInteger);

/** Characters of JSON from which on a document is for machines only. YAML of that size takes many times as much memory to write. */
const LARGE = 1 << 18;
/** kubectl's reader takes no key of more than 1,024 characters in JSON; one character of a key may take six there. */
const LONG_KEY = 1024 / 6 - 1;

/**
 * A YAML document that readers of YAML 1.1 and 1.2 understand alike, and that no line of begins with `---` or `#`. A very large one is
 * JSON, which is YAML too.
 */
export function writeYaml(value: Record<string, unknown>): string {
  const json = formatJson(value);
  if (json.length > LARGE && !holdsLongKey(value)) return `${escapeForYaml(json)}\n`;
  return dump(value, { schema: WRITE_SCHEMA, lineWidth: -1, noRefs: true });
}

function holdsLongKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => key.length > LONG_KEY || holdsLongKey(part));
}

/** Characters that end a line or are not allowed in YAML, which JSON lets stand. */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON on one line, as YAML takes it and its comments do. */
export function escapeForYaml(json: string): string {
  return json.replace(NOT_IN_YAML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The one document of a text. Aliases are refused, since a few of them can stand for a document of any size.
 *
 * @throws SyntaxError saying why it cannot be read; never with a part of the text
 */
export function readYaml(text: string): unknown {
  try {
    return load(text, { schema: READ_SCHEMA, maxDepth: MAX_DEPTH, maxAliases: 0 });
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('it is nested too deeply', { cause: error });
    if (!(error instanceof YAMLException)) throw error;
    if (error.reason.includes('maxAliases')) throw new SyntaxError('it has an alias (*name)', { cause: error });
    const line = error.mark === undefined ? '' : ` (line ${error.mark.line + 1} of the document)`;
    throw new SyntaxError(`it is not valid YAML: ${error.reason.replace(/(?:: | ").*$/s, '')}${line}`, {
      cause: error,
    });
  }
}
