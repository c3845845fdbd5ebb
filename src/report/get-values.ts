import { isKthenaRelease, requireValues, type Release } from '../release/release.js';
import { KthenaError } from '../errors.js';
import { maskSecrets } from '../values/mask.js';
import { mergeValues } from '../values/merge.js';
import type { Schema } from '../values/schema.js';
import { isMap, type Values } from '../values/value.js';
import { formatStructured, type StructuredFormat } from './structured.js';

/** `recordedValues` as text. */
export function presentRecordedValues(
  release: Release,
  schema: Schema,
  { all, format }: { all: boolean; format: StructuredFormat },
): string {
  return formatStructured(recordedValues(release, schema, { all }), format);
}

/**
 * The values that a revision was made with: only the user's, or with the defaults of its version too. Credentials are masked, by the
 * schema of this tool's bundle and by the one that was recorded, which may know others.
 *
 * @throws KthenaError where the record has no values, or where they are another product's, whose credentials are not known here
 */
export function recordedValues(release: Release, schema: Schema, { all }: { all: boolean }): Values {
  if (!isKthenaRelease(release)) throw notKthena(release);
  requireValues(release);
  const user = release.config as Values;
  const values = all ? mergeValues((release.chart.values ?? {}) as Values, user) : user;
  return maskSecrets(maskSecrets(values, schema), recordedSchema(release));
}

/** Empty where the record has none, or none that can be read: a chart of Helm's need not have one. */
function recordedSchema({ chart }: Release): Schema {
  try {
    const schema: unknown = JSON.parse(Buffer.from(chart.schema ?? '', 'base64').toString('utf8'));
    return isMap(schema) ? schema : {};
  } catch {
    return {};
  }
}

function notKthena({ name, namespace, chart }: Release): KthenaError {
  return new KthenaError(
    'usage',
    `release ${name} in namespace ${namespace} is of ${chart.metadata.name}, not of Kthena: which of its values are credentials is not known here`,
    { hint: 'helm get values shows them as they are.' },
  );
}
