import type { DefinedError } from 'ajv';
import type { Steps } from './place.js';

/** What a value has that its schema does not allow. */
export interface Violation {
  steps: Steps;
  /** Of the value the server finds fault with: for a missing field what surrounds it, for a condition in allOf what has the allOf. */
  judged: Steps;
  message: string;
}

/** Keywords that only say that something about an alternative is wrong, or that none fits. */
const ALTERNATIVES = new Set(['anyOf', 'oneOf']);

/**
 * ajv's errors as one statement each. Of alternatives none of which fits, that is all that is said; ajv names what is wrong
 * with every one of them.
 */
export function violationsOf(errors: readonly DefinedError[], resource: object): Violation[] {
  const alternatives = errors.filter(({ keyword }) => ALTERNATIVES.has(keyword));
  const isDetail = (error: DefinedError): boolean =>
    alternatives.some((other) => {
      const within = error.schemaPath.startsWith(`${other.schemaPath}/`);
      return within && error.instancePath.startsWith(other.instancePath);
    });
  const violations = errors
    .filter((error) => error.keyword !== 'if' && !isDetail(error))
    .map((error): Violation => {
      const { steps, value } = find(error.instancePath, resource);
      const missing = error.keyword === 'required' ? [error.params.missingProperty] : [];
      const judged = steps.slice(0, steps.length - depthInAllOf(error.schemaPath));
      return { steps: [...steps, ...missing], judged, message: messageOf(error, value) };
    });
  return withoutRepetitions(violations);
}

/** How many steps into the value lead from the outermost allOf on the way of a schema to its end. */
function depthInAllOf(schemaPath: string): number {
  let depth = 0;
  let inside = false;
  const keywords = schemaPath.replace(/^#(?:\/definitions\/[^/]*)?\//, '').split('/');
  for (let index = 0; index < keywords.length; index++) {
    const keyword = keywords[index]!;
    if (inside && ['properties', 'items', 'additionalProperties'].includes(keyword)) depth++;
    if (keyword === 'allOf') inside = true;
    // What follows is the name of a field, or the number of a condition.
    if (keyword === 'properties' || keyword === 'allOf') index++;
  }
  return depth;
}

/** allOf may ask for the same thing twice. */
function withoutRepetitions(violations: readonly Violation[]): Violation[] {
  const byText = new Map(
    violations.map((violation) => [JSON.stringify([violation.steps, violation.message]), violation]),
  );
  return [...byText.values()];
}

/** What ajv says about an error; which of these is there, its keyword tells. */
interface Params {
  limit?: number;
  type?: string | string[];
  allowedValues?: unknown[];
  multipleOf?: number;
  pattern?: string;
  format?: string;
}

/** Texts are quoted only where the schema lists them: others may be secret. */
const MESSAGES: Readonly<Record<string, (params: Params, data: unknown) => string>> = {
  required: () => 'required field is missing',
  type: (params, data) => `expected ${[params.type].flat().join(' or ')}, got ${typeName(data)}`,
  enum: (params, data) => `${inWords(data)} is not one of ${params.allowedValues!.map(inWords).join(', ')}`,
  minimum: (params, data) => `${String(data)} is less than ${params.limit}`,
  maximum: (params, data) => `${String(data)} is greater than ${params.limit}`,
  exclusiveMinimum: (params, data) => `${String(data)} is not greater than ${params.limit}`,
  exclusiveMaximum: (params, data) => `${String(data)} is not less than ${params.limit}`,
  multipleOf: (params, data) => `${String(data)} is not a multiple of ${params.multipleOf}`,
  minItems: (params, data) => `has ${(data as unknown[]).length} items, needs at least ${params.limit}`,
  maxItems: (params, data) => `has ${(data as unknown[]).length} items, may have at most ${params.limit}`,
  minProperties: (params, data) => `has ${Object.keys(data as object).length} keys, needs at least ${params.limit}`,
  maxProperties: (params, data) => `has ${Object.keys(data as object).length} keys, may have at most ${params.limit}`,
  minLength: (params, data) => `has ${lengthOf(data)} characters, needs at least ${params.limit}`,
  maxLength: (params, data) => `has ${lengthOf(data)} characters, may have at most ${params.limit}`,
  pattern: (params) => `does not match ${params.pattern}`,
  format: (params) => `is not a valid ${params.format}`,
  anyOf: () => 'fits none of the alternatives of the schema',
  oneOf: () => 'does not fit exactly one of the alternatives of the schema',
  not: () => 'is what the schema rules out',
};

function messageOf({ keyword, params }: DefinedError, value: unknown): string {
  return MESSAGES[keyword]?.(params as Params, value) ?? `does not fulfil ${keyword}`;
}

/** In characters, as the server counts, not in UTF-16 units. */
function lengthOf(data: unknown): number {
  return [...(data as string)].length;
}

function inWords(value: unknown): string {
  if (typeof value === 'object') return typeName(value);
  return typeof value === 'string' ? value || '""' : String(value);
}

/** What a value is, in the words of messages. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** @param pointer JSON pointer of a value that is in the resource */
function find(pointer: string, resource: object): { steps: Steps; value: unknown } {
  let value: unknown = resource;
  const steps = pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = (value as Record<string | number, unknown>)[step];
      return step;
    });
  return { steps, value };
}
