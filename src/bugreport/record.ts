import type { Release } from '../release/release.js';
import { manifestObjects, recordedObjects } from '../release/manifest-objects.js';
import { ReleaseStore } from '../release/store.js';
import { toYaml } from '../render/print.js';
import { presentHistory } from '../report/history.js';
import { recordedValues } from '../report/get-values.js';
import type { KubeObject } from '../kube/object.js';
import type { Schema } from '../values/schema.js';
import { maskDeep, maskObject, maskText } from './mask.js';
import { textFile, yamlFile, type ReportFile, type Scope } from './report-file.js';

/** Of older revisions only the line in the history is reported. */
const MAX_REVISIONS = 3;

/** All revisions of the release, the oldest first; none where they may not be read, or where there is no release. */
export async function readRecord({ client, release, unread }: Scope): Promise<Release[]> {
  const store = new ReleaseStore(client, release.namespace);
  const read = await unread.attempt('the record of the release', () => store.history(release.name));
  if (read?.length === 0) unread.add('the record of the release', `there is no release ${release.name}`);
  return read ?? [];
}

/** What was recorded: a table of the revisions, and the values and objects of the latest ones. */
export async function* recordFiles(
  history: readonly Release[],
  schema: Schema,
  { unread }: Scope,
): AsyncGenerator<ReportFile> {
  if (history.length === 0) return;
  yield textFile('release/history.txt', maskText(presentHistory(history, 'text')));
  for (const release of history.slice(-MAX_REVISIONS)) {
    const folder = `release/revision-${release.version}`;
    const values = await unread.attempt(`the values of revision ${release.version}`, async () =>
      valuesOf(release, schema),
    );
    if (values !== undefined) yield yamlFile(`${folder}/values.yaml`, values);
    const manifest = await unread.attempt(`the manifest of revision ${release.version}`, async () =>
      manifestOf(release),
    );
    if (manifest !== undefined) yield textFile(`${folder}/manifest.yaml`, manifest);
  }
}

/** The objects that the latest revision lists, each with its namespace. */
export async function recordedOf(history: readonly Release[], { client, unread }: Scope): Promise<KubeObject[]> {
  const latest = history.at(-1);
  if (latest === undefined) return [];
  return (await unread.attempt('the objects of the release', () => manifestObjects(client, latest))) ?? [];
}

function valuesOf(release: Release, schema: Schema): unknown {
  return maskDeep(recordedValues(release, schema, { all: false }));
}

function manifestOf(release: Release): string {
  return recordedObjects(release)
    .map((object) => `---\n${toYaml(maskObject(object))}`)
    .join('');
}
