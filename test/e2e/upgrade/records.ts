import { gunzipSync, gzipSync } from 'node:zlib';
import type { Release } from '../../../src/release/release.js';
import { get } from '../install/cluster-state.js';
import type { Cluster } from '../../cluster/index.mjs';

const pathOf = (namespace: string, revision: number): string =>
  `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.kthena.v${revision}`;

/** The record of a revision of release `kthena`. */
export async function recordOf(cluster: Cluster, namespace: string, revision: number): Promise<Release> {
  const secret = await get(cluster, pathOf(namespace, revision));
  const { release } = secret?.['data'] as { release: string };
  const packed = Buffer.from(Buffer.from(release, 'base64').toString('utf8'), 'base64');
  return JSON.parse(gunzipSync(packed).toString('utf8')) as Release;
}

/** Changes a record behind the program's back: what another version of it, or a run that was killed, would have left. */
export async function editRecord(
  cluster: Cluster,
  namespace: string,
  revision: number,
  edit: (record: Release) => void,
): Promise<void> {
  const record = await recordOf(cluster, namespace, revision);
  edit(record);
  const packed = gzipSync(JSON.stringify(record)).toString('base64');
  const { status } = await cluster.request('PATCH', pathOf(namespace, revision), {
    metadata: { labels: { status: record.info.status } },
    data: { release: Buffer.from(packed).toString('base64') },
  });
  if (status !== 200) throw new Error(`the record of revision ${revision} could not be changed: ${status}`);
}

/** `1 superseded`, `2 deployed`: every revision of release `kthena` with its status, the oldest first. */
export async function revisionsIn(cluster: Cluster, namespace: string): Promise<string[]> {
  const selector = encodeURIComponent('owner=helm,name=kthena');
  const { body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`);
  const records = (body as { items: { metadata: { labels: { version: string; status: string } } }[] }).items;
  return records
    .map(({ metadata: { labels } }) => labels)
    .sort((a, b) => Number(a.version) - Number(b.version))
    .map(({ version, status }) => `${version} ${status}`);
}
