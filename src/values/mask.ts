import { holdsSecret, propertiesOf, schemaInside } from './schema.js';
import type { Schema } from './schema.js';
import { isMap, setOwn } from './value.js';
import type { Value, Values } from './value.js';

const MASK = '********';

/**
 * The values for people to read: what the schema marks `writeOnly` is replaced unless it is empty. So is an unknown key
 * beside such a value, which may be its name misspelt.
 */
export function maskSecrets(values: Values, schema: Schema): Values {
  const properties = propertiesOf(schema);
  const besideSecret = Object.values(properties).some((property) => property['writeOnly'] === true);
  const masked: Values = {};
  for (const [key, value] of Object.entries(values)) {
    const inside = schemaInside(schema, key);
    setOwn(masked, key, inside === undefined && besideSecret ? hide(value) : maskValue(value, inside));
  }
  return masked;
}

function maskValue(value: Value, schema: Schema | undefined): Value {
  if (schema === undefined || !holdsSecret(schema)) return value;
  if (schema['writeOnly'] === true) return hide(value);
  if (isMap(value)) return maskSecrets(value, schema);
  if (Array.isArray(value)) return value.map((item, index) => maskValue(item, schemaInside(schema, index)));
  // Something else where a map with a secret is expected: perhaps the secret itself.
  return hide(value);
}

function hide(value: Value): Value {
  return value === null || value === '' ? value : MASK;
}
