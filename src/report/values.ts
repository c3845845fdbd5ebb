import type { Bundle } from '../bundle/bundle.js';
import { maskSecrets } from '../values/mask.js';
import { formatPath, isMap, type Value, type Values } from '../values/value.js';
import { formatStructured, type StructuredFormat } from './structured.js';
import { formatTable } from './table.js';

/** Values for reading; credentials in them are masked. */
export function presentValues(
  values: Values,
  bundle: Bundle,
  format: 'table' | StructuredFormat,
  width?: number,
): string {
  const masked = maskSecrets(values, bundle.schema);
  if (format !== 'table') return formatStructured(masked, format);
  const defaults = new Map(leaves(bundle.defaults as Values));
  return formatTable(
    ['KEY', 'VALUE', 'DEFAULT'],
    leaves(masked).map(([path, value]) => [path, JSON.stringify(value), JSON.stringify(defaults.get(path)) ?? '']),
    width,
  );
}

/** Every value that is not a map with entries, with its dotted path. */
function leaves(values: Values, path: readonly string[] = []): [string, Value][] {
  return Object.entries(values).flatMap(([key, value]): [string, Value][] => {
    const at = [...path, key];
    return isMap(value) && Object.keys(value).length > 0 ? leaves(value, at) : [[formatPath(at), value]];
  });
}
