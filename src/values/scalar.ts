/**
 * Plain scalars as Helm reads them: YAML 1.1 without sexagesimals, dates kept as text, octals with a leading 0
 * (the resolution rules of go-yaml v2, which every Kubernetes tool shares).
 */

const WORDS = new Map<string, boolean | null>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, null] => [word, null]),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word): [string, true] => [
    word,
    true,
  ]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word): [string, false] => [
    word,
    false,
  ]),
]);

const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

export type Scalar = null | boolean | number | string;

/**
 * The value of a scalar without quotes and tag. An integer that a JavaScript number cannot hold exactly stays the text it
 * was written as; so does a float out of range.
 *
 * @returns `undefined` for `.inf` and `.nan`, which JSON cannot express
 */
export function resolvePlain(text: string): Scalar | undefined {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (NOT_FINITE.test(text)) return undefined;
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  return parseInteger(digits, text) ?? parseFloatText(digits, text) ?? text;
}

/**
 * The value of a scalar with an explicit tag.
 *
 * @param tag name without its prefix: `int` for `!!int`
 * @returns `undefined` where the text is not of that type or the tag is none that values may have
 */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  switch (tag) {
    case 'str':
    case 'timestamp':
      return text;
    case 'null':
      return WORDS.get(text) === null ? null : undefined;
    case 'bool':
      return typeof WORDS.get(text) === 'boolean' ? WORDS.get(text) : undefined;
    case 'int':
      return numberThat(Number.isInteger, text);
    case 'float':
      return numberThat(() => true, text);
    default:
      return undefined;
  }
}

function numberThat(fits: (value: number) => boolean, text: string): number | undefined {
  const value = resolvePlain(text);
  return typeof value === 'number' && fits(value) ? value : undefined;
}

function parseInteger(digits: string, text: string): number | string | undefined {
  const [, sign, hexadecimal, binary, octal, decimal] = INTEGER.exec(digits) ?? [];
  let value: number;
  if (hexadecimal !== undefined) value = parseInt(hexadecimal, 16);
  else if (binary !== undefined) value = parseInt(binary, 2);
  else if (octal !== undefined) value = parseInt(octal, 8);
  else if (decimal !== undefined) value = parseInt(decimal, 10);
  else return undefined;
  if (!Number.isSafeInteger(value)) return text;
  return sign === '-' && value !== 0 ? -value : value;
}

function parseFloatText(digits: string, text: string): number | string | undefined {
  if (!FLOAT.test(digits)) return undefined;
  const value = Number(digits);
  // `-0.0` becomes 0, which is what JSON makes of it on the way to the cluster.
  return Number.isFinite(value) ? value || 0 : text;
}
