import { KthenaError } from '../errors.js';
import { FORMATS } from './formats.js';
import type { Schema } from './schema.js';
import type { ValidateFunction } from './validate.js';

/**
 * Options of ajv, the same at build time (scripts/validator.mjs) as here. Strict: a keyword or format that is not known is an
 * error of the schema, not silently no check.
 */
export const AJV_OPTIONS = { allErrors: true, strict: true, allowUnionTypes: true, ownProperties: true } as const;

/**
 * Keywords that a schema from elsewhere may not use: a hostile regular expression could keep the process busy for ever.
 * A `format` says the same.
 */
const REFUSED_KEYWORDS = ['pattern', 'patternProperties'];

/**
 * Compiles the values schema of a bundle that is not built in; the built-in one is compiled when the tool is built.
 * ajv is loaded on the first call, which takes about 100 ms.
 *
 * @throws KthenaError `bundle` where the schema is not one this tool can check
 */
export async function compileSchema(schema: Schema): Promise<ValidateFunction> {
  // A CommonJS module in a chunk of its own has nothing but a default export.
  const { Ajv } = (await import('ajv')).default;
  const ajv = new Ajv({ ...AJV_OPTIONS, formats: FORMATS as Record<string, { validate(text: string): boolean }> });
  for (const keyword of REFUSED_KEYWORDS) ajv.removeKeyword(keyword);
  if (schema['$async'] !== undefined) throw invalid('$async is not supported');
  try {
    return ajv.compile(schema) as ValidateFunction;
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
}

function invalid(problem: string, cause?: unknown): KthenaError {
  return new KthenaError('bundle', `values.schema.json: ${problem}`, {
    hint: `Draft 7 of JSON Schema without ${REFUSED_KEYWORDS.join(' and ')}; formats: ${Object.keys(FORMATS).join(', ')}.`,
    cause,
  });
}
