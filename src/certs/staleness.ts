import type { KubeObject, ManagedFieldsEntry } from '../kube/object.js';
import { containersWith, type PodSpec } from './pod-spec.js';

interface PodFields {
  spec?: PodSpec;
  status?: { containerStatuses?: { name: string; state?: { running?: { startedAt?: string } } }[] };
}

/**
 * Whether the server of a pod runs since before its Secret got what it holds now: it read the files when it started, and
 * does not read them again. Times are those of the cluster, to the second.
 */
export function isOlderThanSecret(pod: KubeObject, secret: KubeObject): boolean {
  const changed = contentTime(secret);
  if (changed === undefined) return false;
  const { spec = {}, status } = pod as PodFields;
  const servers = containersWith(spec, secret.metadata.name);
  return (status?.containerStatuses ?? [])
    .filter(({ name }) => servers.includes(name))
    .some(({ state }) => Date.parse(state?.running?.startedAt ?? '') < changed);
}

/** When somebody last wrote into `data`; without field management, when the Secret was made. */
function contentTime({ metadata }: KubeObject): number | undefined {
  const writes = (metadata.managedFields ?? []).filter(ownsContent).map(({ time }) => Date.parse(time ?? ''));
  const times = [...writes, Date.parse(metadata.creationTimestamp ?? '')].filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}

function ownsContent({ fieldsV1 }: ManagedFieldsEntry): boolean {
  return fieldsV1?.['f:data'] !== undefined;
}
