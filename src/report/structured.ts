import { toYaml } from '../render/print.js';

/** Formats for scripts; `text` and `table` are for people. */
export type StructuredFormat = 'json' | 'yaml';

export function formatStructured(value: unknown, format: StructuredFormat): string {
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : toYaml(value);
}
