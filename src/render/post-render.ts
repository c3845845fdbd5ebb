import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { compareInstallKinds } from '../kube/kind-order.js';
import { knownResource } from '../kube/known-kinds.js';
import { formatRef, keyOf, refOf, type KubeObject } from '../kube/object.js';
import { parseObjects } from '../kube/objects-yaml.js';
import { runFilter, type FilterCommand, type FilterOptions } from './filter-process.js';
import { printManifest } from './print.js';
import type { RenderedObject } from './render.js';
import type { ReleaseIdentity } from './scope.js';

/** What stands in place of a template for an object that the post-renderer added. */
const ADDED = 'post-renderer.yaml';

export interface PostRendered {
  objects: RenderedObject[];
  /** What the post-renderer wrote to standard error. */
  remarks: string[];
}

/**
 * Gives the objects to a program as YAML, and takes what it prints for them. CRDs are not among them, neither before nor after.
 *
 * @throws KthenaError `usage` where it cannot be started; `render` where it fails or prints something else than objects
 */
export async function postRender(
  bundle: Pick<Bundle, 'name'>,
  release: ReleaseIdentity,
  objects: readonly RenderedObject[],
  { filter, ...options }: { filter: FilterCommand } & FilterOptions,
): Promise<PostRendered> {
  const { stdout, remarks } = await runFilter(filter, printManifest(bundle.name, objects), options);
  return { objects: postRenderedObjects(stdout, objects, release), remarks };
}

/**
 * The objects that a post-renderer printed, in the order in which they are to be created. Each keeps the template that it came from.
 *
 * @param before the objects it was given
 * @throws KthenaError `render` naming what is wrong; it quotes nothing of the text
 */
export function postRenderedObjects(
  text: string,
  before: readonly RenderedObject[],
  release: ReleaseIdentity,
): RenderedObject[] {
  const objects = parseObjects(text, (what, at) => refused(`${at.replace(/^:(.+)/, 'line $1: ')}${what}`));
  if (objects.length === 0 && before.length > 0) throw refused('it has no objects');
  const sources = new Map(before.map(({ source, object }) => [keyOf(refOf(object)), source]));
  const misshapen = objects.flatMap(shapeProblems);
  if (misshapen.length > 0) throw refused('it has objects that are not well formed', misshapen);
  const after = objects.map((object) => inItsNamespace(object, release.namespace));
  const problems = problemsOf(after, release);
  if (problems.length > 0) throw refused('it has objects that cannot be part of a release', problems);
  return after
    .map((object) => ({ source: sources.get(keyOf(refOf(object))) ?? ADDED, object }))
    .sort((a, b) => compareInstallKinds(a.object.kind, b.object.kind));
}

/** What would be taken for something else on the way to the API server; anything more it says itself. */
function shapeProblems({ apiVersion, kind, metadata }: KubeObject): string[] {
  const name = `${kind}/${metadata.name}`;
  const notTexts = ['labels', 'annotations'].filter((field) => !isTextMap(metadata[field] ?? {}));
  return [
    ...(/^([^/\s]+\/)?[^/\s]+$/.test(apiVersion) && /^[A-Za-z0-9]+$/.test(kind) ? [] : [`${name}: is of no kind`]),
    ...(typeof (metadata.namespace ?? '') === 'string' ? [] : [`${name}: metadata.namespace must be a text`]),
    ...notTexts.map((field) => `${name}: metadata.${field} must be a map of texts`),
  ];
}

function isTextMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

/** As far as it is known without a cluster whether a kind has namespaces. */
function inItsNamespace(object: KubeObject, namespace: string): KubeObject {
  const resource = knownResource(object.apiVersion, object.kind);
  const { namespace: own, ...metadata } = object.metadata;
  if (resource?.namespaced === false) return own === undefined ? object : { ...object, metadata };
  return resource?.namespaced === true && (own ?? '') === ''
    ? { ...object, metadata: { ...object.metadata, namespace } }
    : object;
}

function problemsOf(objects: readonly KubeObject[], release: ReleaseIdentity): string[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const ref = refOf(object);
    const name = formatRef(ref);
    const key = keyOf(ref);
    const isRepeated = seen.has(key);
    seen.add(key);
    if (isRepeated) return [`${name}: is there more than once`];
    if (object.kind === 'CustomResourceDefinition') {
      return [`${name}: a CRD would go with the release, and every resource of its kind with it; apply it by itself`];
    }
    if (object.kind === 'Namespace' && ref.name === release.namespace) {
      return [`${name}: the namespace of the release would go with it, and everything that is in it`];
    }
    return [];
  });
}

function refused(what: string, details: readonly string[] = []): KthenaError {
  return new KthenaError('render', `the output of the post-renderer cannot be used: ${what}`, {
    details,
    hint: 'It must print the objects to standard output as YAML: all of them, whether it changes them or not, and nothing else.',
  });
}
