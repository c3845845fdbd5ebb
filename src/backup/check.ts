import { groupOf, type KubeObject, type OwnerReference } from '../kube/object.js';
import { isAnyName, isApiVersion, isKind, isName, isNamespace } from './names.js';
import type { Aside } from './resource.js';

type JsonMap = Record<string, unknown>;

/**
 * Makes sure that a document is a resource that a restore may create: of one of these groups, and with names that are names.
 *
 * @throws SyntaxError saying what is wrong with it
 */
export function checkResource(value: unknown, groups: readonly string[]): KubeObject {
  if (!isMap(value)) throw new SyntaxError('it is not a resource');
  const { apiVersion, kind, metadata } = value;
  if (!isApiVersion(apiVersion)) throw new SyntaxError(`its apiVersion is ${show(apiVersion)}`);
  if (!isKind(kind)) throw new SyntaxError(`its kind is ${show(kind)}`);
  const group = groupOf(apiVersion);
  if (!groups.includes(group)) {
    const place = group === '' ? 'Kubernetes itself' : group;
    throw new SyntaxError(`it is a ${kind} of ${place}; only resources of ${groups.join(' and ')} are restored`);
  }
  if (!isMap(metadata)) throw new SyntaxError('it has no metadata');
  checkMetadata(metadata);
  return value as KubeObject;
}

function checkMetadata({ name, namespace, labels, annotations, finalizers, ownerReferences }: JsonMap): void {
  if (!isName(name)) throw new SyntaxError(`its name is ${show(name)}, which is not a DNS subdomain`);
  if (namespace !== undefined && !isNamespace(namespace))
    throw new SyntaxError(`its namespace is ${show(namespace)}, which is not a DNS label`);
  for (const [field, entries] of Object.entries({ labels, annotations })) {
    const texts = entries == null || (isMap(entries) && Object.values(entries).every(isString));
    if (!texts) throw new SyntaxError(`its ${field} are not a map of texts`);
  }
  if (finalizers != null && !(Array.isArray(finalizers) && finalizers.every(isString)))
    throw new SyntaxError('its finalizers are not a list of texts');
  if (ownerReferences != null) checkOwners(ownerReferences);
}

/** @throws SyntaxError */
export function checkAside(value: unknown): Aside {
  if (!isMap(value)) throw new SyntaxError('the comment above it is not a map');
  const { status, ownerReferences } = value;
  if (status !== undefined && !isMap(status)) throw new SyntaxError('its status is not a map');
  if (ownerReferences !== undefined) checkOwners(ownerReferences);
  return {
    ...(ownerReferences === undefined ? {} : { ownerReferences: ownerReferences as OwnerReference[] }),
    ...(status === undefined ? {} : { status }),
  };
}

function checkOwners(value: unknown): void {
  if (!Array.isArray(value) || !value.every(isOwnerReference))
    throw new SyntaxError('its ownerReferences are not a list of references');
}

function isOwnerReference(value: unknown): value is OwnerReference {
  if (!isMap(value)) return false;
  return isApiVersion(value.apiVersion) && isKind(value.kind) && isAnyName(value.name) && isString(value.uid);
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** A value for a message, of whatever size it is. */
function show(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  if (typeof value !== 'string') return 'not a text';
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
