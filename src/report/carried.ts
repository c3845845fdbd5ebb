import type { JsonSchema } from '../bundle/bundle.js';
import { maskSecrets } from '../values/mask.js';
import { formatPath, isMap, type Value, type ValuePath, type Values } from '../values/value.js';

/** A line for each value that was carried over from an earlier revision; secrets are masked. */
export function carriedText(carried: Values, schema: JsonSchema): string {
  if (Object.keys(carried).length === 0) return '';
  const lines = leaves(maskSecrets(carried, schema)).map(
    ([path, value]) => `  ${formatPath(path)}: ${JSON.stringify(value)}`,
  );
  return ['Values carried over:', ...lines, ''].join('\n');
}

function leaves(value: Value, above: ValuePath = []): [ValuePath, Value][] {
  if (!isMap(value) || Object.keys(value).length === 0) return [[above, value]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...above, key]));
}
