import { boolYaml11Tag, CORE_SCHEMA, defineScalarTag, mergeTag, NOT_RESOLVED, nullYaml11Tag } from 'js-yaml';

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * Integers as Helm and kubectl read them.
 *
 * @param decimal the value of decimal digits, with their sign where it is a minus
 */
export function integerTag(decimal: (digits: string) => number | bigint): ReturnType<typeof defineScalarTag> {
  return defineScalarTag('tag:yaml.org,2002:int', {
    implicit: true,
    implicitFirstChars: [...'+-0123456789'],
    resolve: (source) => {
      const [, sign, digits] = INTEGER.exec(source.replaceAll('_', '')) ?? [];
      if (digits === undefined) return NOT_RESOLVED;
      if (/^[1-9]/.test(digits)) return decimal(sign === '-' ? `-${digits}` : digits);
      // A leading 0 alone means octal, as in YAML 1.1: file modes are written so.
      const size = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
      return sign === '-' && size !== 0 ? -size : size;
    },
    identify: () => false,
  });
}

const float = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: [...'+-.0123456789'],
  resolve: (source) => {
    const plain = source.startsWith('.') ? source : source.replaceAll('_', '');
    const value = FLOAT.test(plain) ? Number(plain) : Number.NaN;
    return Number.isFinite(value) ? value : NOT_RESOLVED;
  },
  identify: () => false,
});

/**
 * Scalars as Helm and kubectl read them (go-yaml 2): `yes` and `on` are booleans, `0644` is 420 and so is `0o644`, `<<` merges;
 * but `1:30` and dates are texts, other than in YAML 1.1. For reading only.
 */
export const HELM_SCHEMA = CORE_SCHEMA.withTags(nullYaml11Tag, boolYaml11Tag, integerTag(Number), float, mergeTag);
