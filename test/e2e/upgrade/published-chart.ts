import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBuiltInBundle } from '../../../src/bundle/built-in.js';
import type { KubeObject } from '../../../src/kube/object.js';
import { crdsOf } from '../../fixtures/crds/history.js';
import { goldenObjects } from '../install/golden.js';

/** What the published chart makes, and its defaults, where they are at hand; our own stand for them elsewhere. */
const FACTS = new URL('../../../../shared/facts/', import.meta.url);

/** What a chart is made of. */
export interface Chart {
  version: string;
  defaults: object;
  objects: KubeObject[];
  crds: KubeObject[];
}

/** The published chart, with the objects that it makes of the values of a case. */
export async function publishedChart(name = 'default'): Promise<Chart> {
  const objects = new URL(`objects/${name}/objects.json`, FACTS);
  const defaults = new URL('default-values.json', FACTS);
  return {
    version: '1.0.0',
    objects: existsSync(objects) ? (parsed(objects) as KubeObject[]) : goldenObjects(name),
    defaults: existsSync(defaults) ? (parsed(defaults) as object) : (await loadBuiltInBundle()).defaults,
    crds: crdsOf('1.0'),
  };
}

function parsed(file: URL): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Writes a chart that Helm installs, and gives its folder; `networking.kthenaRouter.replicas` is the one value that counts in it. */
export async function writeChart({ version, defaults, objects, crds }: Chart): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'kthena-chart-')), 'kthena');
  await mkdir(join(folder, 'templates'), { recursive: true });
  await mkdir(join(folder, 'crds'));
  const files = {
    'Chart.yaml': `apiVersion: v2\nname: kthena\nversion: ${version}\nappVersion: ${version}\n`,
    'values.yaml': JSON.stringify(defaults),
    'templates/all.yaml': documents(objects.map(templateOf)),
    // Helm takes no file without CRDs in this folder.
    ...(crds.length === 0 ? {} : { 'crds/all.yaml': documents(crds.map((crd) => JSON.stringify(crd))) }),
  };
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
  return folder;
}

export function removeChart(folder: string): Promise<void> {
  return rm(join(folder, '..'), { recursive: true });
}

/** As one file for kubectl, as it is published for those without Helm. */
export function installFile({ objects, crds }: Pick<Chart, 'objects' | 'crds'>): string {
  return documents([...crds, ...objects].map((object) => JSON.stringify(object)));
}

function templateOf(object: KubeObject): string {
  const text = JSON.stringify(object).replaceAll('kthena-system', '{{ .Release.Namespace }}');
  if (object.kind !== 'Deployment' || object.metadata.name !== 'kthena-router') return text;
  return text.replace('"replicas":1', '"replicas":{{ .Values.networking.kthenaRouter.replicas }}');
}

function documents(texts: readonly string[]): string {
  return texts.map((text) => `---\n${text}\n`).join('');
}
