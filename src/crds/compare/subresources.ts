import { isDeepStrictEqual } from 'node:util';
import { change, type CrdChange } from './change.js';
import type { CrdVersion } from './crd.js';

/** Changes of the endpoints beside the resource itself: `/status`, through which controllers report, and `/scale`. */
export function subresourceChanges(before: CrdVersion, after: CrdVersion): CrdChange[] {
  const path = `spec.versions[${before.name}].subresources`;
  const [old, next] = [before.subresources ?? {}, after.subresources ?? {}];
  return [...statusChanges(path, old.status, next.status), ...scaleChanges(path, old.scale, next.scale)];
}

function statusChanges(path: string, before: object | undefined, after: object | undefined): CrdChange[] {
  if (before !== undefined && after === undefined) {
    const message = 'controllers that write the status through its own endpoint are refused';
    return [change(`${path}.status`, 'status-subresource-removed', 'breaking', message)];
  }
  if (before === undefined && after !== undefined) {
    const message =
      'the status can be written through its own endpoint only: written along with the rest it is ignored';
    return [change(`${path}.status`, 'status-subresource-added', 'tightening', message)];
  }
  return [];
}

function scaleChanges(path: string, before: object | undefined, after: object | undefined): CrdChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const values = { before, after };
  if (after === undefined) {
    const message = 'autoscalers and kubectl scale can no longer read or set the number of replicas';
    return [change(`${path}.scale`, 'scale-subresource-removed', 'breaking', message, values)];
  }
  if (before === undefined) {
    const message = 'autoscalers and kubectl scale may set the number of replicas; it must not be negative';
    return [change(`${path}.scale`, 'scale-subresource-added', 'tightening', message, values)];
  }
  const message = 'autoscalers and kubectl scale read and set other fields than before';
  return [change(`${path}.scale`, 'scale-subresource-changed', 'tightening', message, values)];
}
