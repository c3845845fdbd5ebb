import { load, loadAll } from 'js-yaml';
import { KthenaError } from '../errors.js';
import type { KubeObject } from '../kube/object.js';
import type { BundleDefinition, Component, CrdFile, JsonObject, JsonSchema, Template, TemplateNode } from './bundle.js';

/** The files of a bundle by path: `manifests/bundle.yaml`, `crds/….yaml`. */
export type BundleFiles = ReadonlyMap<string, string>;

export interface ParsedBundle {
  definition: BundleDefinition;
  defaults: JsonObject;
  defaultsText: string;
  schema: JsonSchema;
  crds: CrdFile[];
}

/** `bundle.yaml`: as BundleDefinition, but a component names a folder of templates instead of holding them. */
type BundleFile = Omit<BundleDefinition, 'components'> & { components: Omit<Component, 'templates'>[] };

const DEFINITION = 'manifests/bundle.yaml';
const DEFAULTS = 'manifests/values.yaml';
const SCHEMA = 'manifests/values.schema.json';

/**
 * Reads a bundle from its files. A component's templates are the YAML files of `manifests/<component>/`, in the order of their names.
 *
 * @throws KthenaError `bundle` naming the file that is missing or is not valid YAML
 */
export function parseBundle(files: BundleFiles): ParsedBundle {
  const { components, ...definition } = parseYaml(files, DEFINITION) as BundleFile;
  return {
    definition: {
      ...definition,
      components: components.map((component) => ({ ...component, templates: templatesOf(component.name, files) })),
    },
    defaults: parseYaml(files, DEFAULTS) as JsonObject,
    defaultsText: textOf(files, DEFAULTS),
    schema: JSON.parse(textOf(files, SCHEMA)) as JsonSchema,
    crds: pathsBelow('crds/', files).map((path) => ({ path, object: parseYaml(files, path) as KubeObject })),
  };
}

function templatesOf(component: string, files: BundleFiles): Template[] {
  return pathsBelow(`manifests/${component}/`, files).map((path) => ({
    path,
    documents: readYaml(path, () => loadAll(textOf(files, path))) as TemplateNode[],
  }));
}

function pathsBelow(folder: string, files: BundleFiles): string[] {
  return [...files.keys()].filter((path) => path.startsWith(folder) && path.endsWith('.yaml')).sort();
}

function parseYaml(files: BundleFiles, path: string): unknown {
  return readYaml(path, () => load(textOf(files, path)));
}

function readYaml<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new KthenaError('bundle', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function textOf(files: BundleFiles, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new KthenaError('bundle', `the bundle has no file ${path}`);
  return text;
}
