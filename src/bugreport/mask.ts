import type { KubeObject } from '../kube/object.js';
import { LAST_APPLIED } from '../plan/take-over.js';
import { withoutSecret } from '../report/secret.js';
import { maskCredentials } from '../wait/credentials.js';

const MASK = '***';

/** Names of environment variables, of keys of ConfigMaps and of flags whose values are credentials. */
const CREDENTIAL =
  /passw|passphrase|pwd|token|secret|credential|(api|access|private|signing|encryption)[-_.]?key|(^|[^a-z])(key|auth|pass|pin)([^a-z]|$)/i;
/** What only tells where a credential is, or counts something: `cert-secret-name`, `FAIRNESS_INPUT_TOKEN_WEIGHT`. */
const HARMLESS = /(name|ref|file|path|dir|weight|size|count|limit|ttl|timeout|enabled)$/i;
/** Fields of objects and values. `key` and `secret` stand for many harmless things there. */
const CREDENTIAL_FIELD = /(passw(or)?d|passphrase|token|clientsecret|(secret|access|api|private)_?key)$/i;
/** Base64 that is for everybody to see. */
const PUBLIC_FIELDS = new Set(['caBundle']);

const FLAG = /^--?([\w.-]+)$/;
/** `key: value` at the beginning of a line, as in the files that ConfigMaps hold. */
const ASSIGNMENT = /^([ \t]*(?:- )?["']?([\w.-]+)["']?[ \t]*:[ \t]+)\S.*$/gm;
/** Longer lines than this nobody reads; searching them for credentials would take long. */
const MAX_LINE = 16_384;

/**
 * An object for a reader who may not see credentials: of Secrets only the keys; the values of environment variables, flags, fields and keys
 * of ConfigMaps masked where the name tells; what has the form of a credential masked in every text. Managed fields are left out.
 */
export function maskObject(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...content } = maskDeep(withoutSecret(object)) as KubeObject;
  const { managedFields: _, annotations, ...identity } = metadata;
  return {
    // An object of a list has them at its end.
    apiVersion,
    kind,
    metadata: { ...identity, ...(annotations === undefined ? {} : { annotations: maskByKey(annotations) }) },
    ...content,
    ...(kind === 'ConfigMap' ? maskedConfigMap(object) : {}),
  };
}

/** The same for any data, such as values. */
export function maskDeep(value: unknown, field = ''): unknown {
  if (typeof value === 'string') return maskString(value, field);
  if (Array.isArray(value)) return value.map((item, index) => maskItem(item, value[index - 1], field));
  if (typeof value !== 'object' || value === null) return value;
  const { name } = value as { name?: unknown };
  const hidden = typeof name === 'string' && isCredential(name) ? 'value' : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === hidden ? hide(item) : maskDeep(item, key)]),
  );
}

/** Text of several lines: a log, a file in a ConfigMap. */
export function maskText(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line));
  const assigned = lines
    .join('\n')
    .replaceAll(ASSIGNMENT, (line, head: string, key: string) => (isCredential(key) ? `${head}${MASK}` : line));
  return maskCredentials(assigned);
}

function maskString(text: string, field: string): string {
  if (PUBLIC_FIELDS.has(field)) return text;
  return CREDENTIAL_FIELD.test(field) && text !== '' ? MASK : maskText(text);
}

/** A flag's value may be the argument after it. */
function maskItem(item: unknown, before: unknown, field: string): unknown {
  const flag = typeof before === 'string' ? FLAG.exec(before)?.[1] : undefined;
  const isValue = typeof item === 'string' && !item.startsWith('-');
  return flag !== undefined && isValue && isCredential(flag) ? MASK : maskDeep(item, field);
}

function maskedConfigMap({ data, binaryData }: KubeObject): Record<string, unknown> {
  return {
    ...(data === undefined ? {} : { data: maskByKey(data as Record<string, unknown>) }),
    ...(binaryData === undefined ? {} : { binaryData: MASK }),
  };
}

function maskByKey<T>(data: Record<string, T>): Record<string, T> {
  const maskEntry = (key: string, value: unknown): unknown =>
    key === LAST_APPLIED || isCredential(key) ? hide(value) : maskDeep(value);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, maskEntry(key, value) as T]));
}

function isCredential(name: string): boolean {
  return CREDENTIAL.test(name) && !HARMLESS.test(name);
}

function hide(value: unknown): unknown {
  return value === '' || value === null || value === undefined ? value : MASK;
}
