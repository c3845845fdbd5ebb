const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const VERSION = /^v[a-z0-9]+$/;
const KIND = /^[A-Z][A-Za-z0-9]*$/;
/** RBAC allows everything in a name that can be one segment of a path. */
const PATH_SEGMENT = /^(?!\.{1,2}$)[^/%]+$/;

/** A DNS subdomain (RFC 1123): what custom resources are named by. */
export function isName(value: unknown): value is string {
  return fits(value, 253, SUBDOMAIN);
}

export function isNamespace(value: unknown): value is string {
  return fits(value, 63, LABEL);
}

export function isKind(value: unknown): value is string {
  return fits(value, 63, KIND);
}

/** `v1` or `<group>/v1`. */
export function isApiVersion(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 317) return false;
  const parts = value.split('/');
  return parts.length <= 2 && VERSION.test(parts.at(-1)!) && (parts.length === 1 || isName(parts[0]));
}

/** A name that an object of any kind may have. */
export function isAnyName(value: unknown): value is string {
  return fits(value, 1024, PATH_SEGMENT);
}

/** The length first, so that no pattern ever sees a long text. */
function fits(value: unknown, longest: number, pattern: RegExp): value is string {
  return typeof value === 'string' && value.length <= longest && pattern.test(value);
}
