/** The expanded CRDs as the repository holds them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { mapSchema, type Schema } from '../../../scripts/crds/schema.mjs';

export const crdsFolder = fileURLToPath(new URL('../../../crds', import.meta.url));

export interface Crd {
  metadata: { name: string };
  spec: { names: { kind: string; plural: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
}

export const crds: Crd[] = readdirSync(crdsFolder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => load(readFileSync(join(crdsFolder, file), 'utf8')) as Crd);

/** Every part of the CRD's schemas with its path, the parts of a part before the part. */
export function schemaParts(crd: Crd): { path: string; schema: Schema }[] {
  const parts: { path: string; schema: Schema }[] = [];
  for (const version of crd.spec.versions) {
    mapSchema(version.schema.openAPIV3Schema, (schema, path) => {
      parts.push({ path, schema });
      return schema;
    });
  }
  return parts;
}

/** A copy without the keyword `description`; properties of that name stay. */
export function withoutDescriptions(crd: Crd): Crd {
  const copy = structuredClone(crd);
  for (const version of copy.spec.versions) {
    version.schema.openAPIV3Schema = mapSchema(version.schema.openAPIV3Schema, ({ description: _, ...rest }) => rest);
  }
  return copy;
}
