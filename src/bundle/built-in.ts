import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ValidateFunction } from 'ajv';
import type { Bundle, BundleDefinition, CrdFile, JsonObject, JsonSchema } from './bundle.js';

/** What the build writes to `dist/bundle/bundle.json`: all of the bundle but its CRDs, which most commands never need. */
export interface BuiltInBundle {
  definition: BundleDefinition;
  defaults: JsonObject;
  defaultsText: string;
  schema: JsonSchema;
}

/**
 * The bundle this tool was built with. It is read from JSON that the build prepared: parsing the YAML would cost each run 100 ms.
 */
export async function loadBuiltInBundle(): Promise<Bundle> {
  const folder = builtInFolder();
  const { definition, ...parts } = (await readJson(folder, 'bundle.json')) as BuiltInBundle;
  return {
    ...definition,
    ...parts,
    isBuiltIn: true,
    crds: async () => (await readJson(folder, 'crds.json')) as CrdFile[],
    objectSchemas: readObjectSchemas,
    // Compiled by the build: compiling it here would cost 110 ms.
    validator: async () =>
      ((await import(pathToFileURL(join(folder, 'validate-values.mjs')).href)) as { default: ValidateFunction })
        .default,
    crdTexts: async () => new Map(Object.entries((await readJson(folder, 'crd-texts.json')) as Record<string, string>)),
  };
}

/** Schemas of the kinds of Kubernetes, which belong to this tool and not to a bundle. */
export function readObjectSchemas(): Promise<unknown> {
  return readJson(builtInFolder(), 'schemas.json');
}

/** The folder of this tool's package: it has the files of the built-in bundle, in the form of any other. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Where the build puts what is read at run time; the same from the sources and from the bundled program. */
export function builtInFolder(): string {
  return join(packageFolder(), 'dist', 'bundle');
}

async function readJson(folder: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}
