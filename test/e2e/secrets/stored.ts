import { gunzipSync } from 'node:zlib';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import type { Output } from './marks.js';

const PATHS = [
  '/api/v1/secrets',
  '/api/v1/configmaps',
  '/api/v1/events',
  '/api/v1/pods',
  '/api/v1/namespaces',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/replicasets',
  '/apis/coordination.k8s.io/v1/leases',
  '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
];

/** Every object that could hold what the program wrote, by `plural/namespace/name`; release records as what is encoded in them. */
export async function storedObjects(cluster: Cluster): Promise<Output[]> {
  const lists = await Promise.all(
    PATHS.map(async (path) => {
      const { body } = await cluster.request('GET', path);
      const plural = path.split('/').at(-1)!;
      return (body as { items: KubeObject[] }).items.map((object) => ({
        where: [plural, object.metadata.namespace, object.metadata.name].filter(Boolean).join('/'),
        text: `${JSON.stringify(object)}${decodedRecord(object)}`,
      }));
    }),
  );
  return lists.flat();
}

/** What Helm would read: base64 for the API, base64 of Helm's, gzip, JSON; in it the chart's files in base64 once more. */
function decodedRecord(object: KubeObject): string {
  const encoded = (object['data'] as Record<string, string> | undefined)?.['release'];
  if (object['type'] !== 'helm.sh/release.v1' || encoded === undefined) return '';
  const packed = Buffer.from(Buffer.from(encoded, 'base64').toString('latin1'), 'base64');
  return gunzipSync(packed).toString('utf8');
}
