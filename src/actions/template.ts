import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import type { KubeClient } from '../kube/client.js';
import { aboutObject, formatRef, refOf, type KubeObject } from '../kube/object.js';
import { observe } from '../plan/observe.js';
import { placed } from '../release/manifest-objects.js';
import { printDocument, toYaml } from '../render/print.js';
import type { Rendering } from '../render/render.js';
import { FIELD_MANAGER } from './context.js';

/** One object of the output, with the file of the bundle it comes from. */
export interface OutputDocument {
  /** `kthena/manifests/networking/service.yaml` */
  source: string;
  object: KubeObject;
  /** The object as YAML where the bundle has it written down, as it has for CRDs; printing them anew would cost 100 ms. */
  text?: string;
}

/**
 * The documents of an output: CRDs first if asked for, then the objects in the order of creation.
 *
 * @param showOnly paths of templates, with `*` for any part of a name; with or without the bundle's name before them
 * @throws KthenaError `usage` where a path fits no template of this output
 */
export async function collectDocuments(
  bundle: Bundle,
  rendering: Rendering,
  { includeCrds, showOnly }: { includeCrds: boolean; showOnly: readonly string[] },
): Promise<OutputDocument[]> {
  const crds = includeCrds ? await crdDocuments(bundle, rendering.crds) : [];
  const objects = rendering.objects.map(({ source, object }) => ({ source: `${bundle.name}/${source}`, object }));
  const documents = [...crds, ...objects];
  if (showOnly.length === 0) return documents;
  const patterns = showOnly.map((path) => ({ path, pattern: patternOf(path, bundle.name) }));
  const unused = patterns.find(({ pattern }) => !documents.some(({ source }) => pattern.test(source)));
  if (unused !== undefined) {
    throw new KthenaError('usage', `--show-only ${unused.path}: no object of this output comes from it`, {
      hint: `${includeCrds ? '' : 'CRDs need --include-crds. '}With these values there are: ${[...new Set(documents.map(({ source }) => source.slice(bundle.name.length + 1)))].join(', ')}`,
    });
  }
  return documents.filter(({ source }) => patterns.some(({ pattern }) => pattern.test(source)));
}

export function printDocuments(documents: readonly OutputDocument[], format: 'yaml' | 'json'): string {
  if (format === 'json') {
    // A List, since `kubectl apply -f` takes one and no bare array.
    const items = documents.map(({ object }) => object);
    return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`;
  }
  return documents.map(({ source, object, text }) => printDocument(source, text ?? toYaml(object))).join('');
}

/**
 * Lets the API server try every object without storing it. What waits for a namespace or kind of this same output cannot be tried.
 *
 * @param namespace of the release: of objects that name none
 * @throws KthenaError `failed` naming each object that was refused
 */
export async function validateObjects(
  client: KubeClient,
  documents: readonly OutputDocument[],
  namespace: string,
): Promise<void> {
  const written = documents.map(({ object }) => object);
  const objects = await placed(client, written, namespace);
  const observations = await observe(client, objects, { fieldManager: FIELD_MANAGER });
  const details = observations.flatMap(({ desired, dryRun }) => {
    if (dryRun.outcome === 'refused') return [aboutObject(refOf(desired), dryRun.message), ...dryRun.details];
    if (dryRun.outcome === 'not-yet' && dryRun.missing === 'kind') {
      return [`${formatRef(refOf(desired))}: the cluster does not serve ${desired.kind} of ${desired.apiVersion}`];
    }
    return [];
  });
  if (details.length > 0) throw new KthenaError('failed', 'the API server refuses some objects', { details });
}

async function crdDocuments(bundle: Bundle, names: readonly string[]): Promise<OutputDocument[]> {
  const [crds, texts] = await Promise.all([bundle.crds(), bundle.crdTexts()]);
  return crds
    .filter(({ object }) => names.includes(object.metadata.name))
    .map(({ path, object }) => ({ source: `${bundle.name}/${path}`, object, text: texts.get(path)! }));
}

function patternOf(path: string, bundleName: string): RegExp {
  const full = path.startsWith(`${bundleName}/`) ? path : `${bundleName}/${path}`;
  const escaped = full.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`);
}
