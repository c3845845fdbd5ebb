import { KthenaError } from '../errors.js';
import { isMap } from '../values/value.js';
import type { BundleDefinition, CrdFile, JsonObject, JsonSchema, Template, TemplateNode } from './bundle.js';
import { checkCrds } from './crds.js';
import { checkDefinition, DEFINITION, type BundleFile } from './definition.js';
import { readSchema, SCHEMA } from './schema.js';
import { readYaml, readYamlDocuments, valueBudget, type ValueBudget } from './yaml.js';

/** The files of a bundle by path: `manifests/bundle.yaml`, `crds/….yaml`. */
export type BundleFiles = ReadonlyMap<string, string>;

export interface ParsedBundle {
  definition: BundleDefinition;
  defaults: JsonObject;
  defaultsText: string;
  schema: JsonSchema;
  crds: CrdFile[];
}

export const DEFAULTS = 'manifests/values.yaml';

/**
 * Reads a bundle from its files. A component's templates are the YAML files of `manifests/<component>/`, in the order of their names.
 *
 * @throws KthenaError `bundle` naming the file that is missing, unknown or not in its form
 */
export function parseBundle(files: BundleFiles): ParsedBundle {
  const budget = valueBudget();
  const { components, ...definition } = readDefinition(files, budget);
  const file: BundleFile = { components, ...definition };
  checkKnown(files, file);
  const defaults = readYaml(DEFAULTS, textOf(files, DEFAULTS), budget);
  if (!isMap(defaults)) throw new KthenaError('bundle', `${DEFAULTS}: it must be a map`);
  const crds = pathsBelow('crds/', files).map((path) => ({
    path,
    object: readYaml(path, textOf(files, path), budget) as CrdFile['object'],
  }));
  checkCrds(crds, file);
  return {
    definition: {
      ...definition,
      components: components.map((component) => ({
        ...component,
        templates: templatesOf(component.name, files, budget),
      })),
    },
    defaults,
    defaultsText: textOf(files, DEFAULTS),
    schema: readSchema(textOf(files, SCHEMA), budget),
    crds,
  };
}

function readDefinition(files: BundleFiles, budget: ValueBudget): BundleFile {
  const text = textOf(files, DEFINITION);
  const lines = text.split('\n');
  const lineOf = (key: string): number | undefined => {
    const index = lines.findIndex((line) => line.startsWith(`${key}:`));
    return index === -1 ? undefined : index + 1;
  };
  return checkDefinition(readYaml(DEFINITION, text, budget), lineOf);
}

/** A file that nothing reads is a mistake, or there to deceive. */
function checkKnown(files: BundleFiles, { components }: BundleFile): void {
  const folders = ['crds', ...components.map(({ name }) => `manifests/${name}`)];
  for (const path of files.keys()) {
    if ([DEFINITION, DEFAULTS, SCHEMA].includes(path)) continue;
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (folders.includes(folder) && path.endsWith('.yaml')) continue;
    throw new KthenaError('bundle', `${path}: no part of a bundle has this place`, {
      hint: `Templates are .yaml files in ${folders.slice(1).join(', ')}; CRDs are in crds.`,
    });
  }
}

function templatesOf(component: string, files: BundleFiles, budget: ValueBudget): Template[] {
  return pathsBelow(`manifests/${component}/`, files).map((path) => ({
    path,
    documents: readYamlDocuments(path, textOf(files, path), budget) as TemplateNode[],
  }));
}

function pathsBelow(folder: string, files: BundleFiles): string[] {
  return [...files.keys()].filter((path) => path.startsWith(folder)).sort();
}

function textOf(files: BundleFiles, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new KthenaError('bundle', `the bundle has no file ${path}`);
  return text;
}
