import type { DefinedError } from 'ajv';
import type { Schema } from '../compare/crd.js';
import { formatCheck } from './format/formats.js';
import { jsonSchemaOf } from './json-schema.js';
import { compilePattern, type Pattern } from './pattern/pattern.js';
import { planFor } from './plan.js';
import type { Unchecked } from './problem.js';
import { violationsOf, type Violation } from './violations.js';

/**
 * Compiles a structural schema; ajv is loaded on the first call. Compiling the largest CRD takes about 100 ms.
 *
 * @param unchecked gets the patterns and formats that cannot be checked here
 */
export async function schemaChecker(
  schema: Schema,
  unchecked: Unchecked[],
): Promise<(resource: object) => Violation[]> {
  // A CommonJS module in a chunk of its own has nothing but a default export.
  const { Ajv } = (await import('ajv')).default;
  noteUnchecked(schema, unchecked);
  const ajv = new Ajv({
    allErrors: true,
    // The schema is one that the API server has accepted; what ajv's strict mode asks for, it does not.
    strict: false,
    validateSchema: false,
    // `constructor` is a field like any other, and missing unless it is there.
    ownProperties: true,
    inlineRefs: false,
    multipleOfPrecision: 9,
    formats: formatsIn(schema),
    code: { regExp: Object.assign(goRegExp, { code: 'goRegExp' }) },
    logger: false,
  });
  const validate = ajv.compile(jsonSchemaOf(schema));
  return (resource) => (validate(resource) ? [] : violationsOf(validate.errors as DefinedError[], resource));
}

/** Takes the place of `RegExp` in ajv, which tells patterns apart by their text. What cannot be compiled is let pass. */
class GoRegExp {
  private readonly pattern: Pattern | undefined;

  constructor(private readonly source: string) {
    this.pattern = compilePattern(source);
  }

  test(text: string): boolean {
    return this.pattern?.test(text) ?? true;
  }

  toString(): string {
    return this.source;
  }
}

function goRegExp(source: string): GoRegExp {
  return new GoRegExp(source);
}

function formatsIn(schema: Schema): Record<string, (text: string) => boolean> {
  const formats: Record<string, (text: string) => boolean> = {};
  everyPart(schema, '', ({ format }) => {
    if (format) formats[format] = formatCheck(format) ?? ((): boolean => true);
  });
  return formats;
}

function noteUnchecked(schema: Schema, unchecked: Unchecked[]): void {
  planFor(schema, (part, path) => {
    everyPart({ ...part, properties: {}, items: {}, additionalProperties: {} }, path, ({ format, pattern }) => {
      if (format && formatCheck(format) === undefined) {
        unchecked.push({ path, kind: 'format', text: format, why: 'the format is not known here' });
      }
      if (pattern && compilePattern(pattern) === undefined) {
        unchecked.push({
          path,
          kind: 'pattern',
          text: pattern,
          why: 'the expression uses something that is not known here',
        });
      }
    });
    return undefined;
  });
}

/** Visits the schema, all its parts and conditions. */
function everyPart(schema: Schema, path: string, see: (schema: Schema, path: string) => void): void {
  see(schema, path);
  const { properties = {}, additionalProperties, items, allOf = [], anyOf = [], oneOf = [], not } = schema;
  const parts = [...Object.values(properties), additionalProperties, items, ...allOf, ...anyOf, ...oneOf, not];
  for (const part of parts) if (typeof part === 'object') everyPart(part, path, see);
}
