import { propertiesOf, schemaAt, type Schema } from './schema.js';
import { isMap, setOwn, type Value, type ValuePath, type Values } from './value.js';

const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/**
 * Numbers that `--set` gives as text, as its grammar wants (`1.5` is a text there), where the schema wants a number. Helm's templates do
 * not tell the two apart; a closed schema does.
 *
 * @param isFromFlag whether `--set` gave the value at a path: in a file, quotes around a number are meant
 */
export function coerceNumbers(values: Values, schema: Schema, isFromFlag: (path: ValuePath) => boolean): Values {
  return coerce(values, schema, [], isFromFlag) as Values;
}

function coerce(value: Value, schema: Schema, path: ValuePath, isFromFlag: (path: ValuePath) => boolean): Value {
  if (typeof value === 'string') {
    return schema['type'] === 'number' && NUMBER.test(value) && isFromFlag(path) ? Number(value) : value;
  }
  if (!isMap(value) || Object.keys(propertiesOf(schema)).length === 0) return value;
  const result: Values = {};
  for (const [key, child] of Object.entries(value)) {
    const inside = schemaAt(schema, [key]);
    setOwn(result, key, inside === undefined ? child : coerce(child, inside, [...path, key], isFromFlag));
  }
  return result;
}
