/** Where a kind lives in the API, and which object of it is meant. */
export interface ResourcePath {
  apiVersion: string;
  plural: string;
  /** Absent for cluster-scoped kinds and for all namespaces. */
  namespace?: string | undefined;
  name?: string | undefined;
}

/** `/api/v1/…` for the core group, `/apis/<group>/<version>/…` for the others; names are escaped. */
export function resourcePath({ apiVersion, plural, namespace, name }: ResourcePath): string {
  const segments = [plural];
  if (namespace !== undefined) segments.unshift('namespaces', namespace);
  if (name !== undefined) segments.push(name);
  return `${groupVersionPath(apiVersion)}/${segments.map(encodeSegment).join('/')}`;
}

/** Path at which a group's version lists its resources. */
export function groupVersionPath(apiVersion: string): string {
  const root = apiVersion.includes('/') ? 'apis' : 'api';
  return `/${root}/${apiVersion.split('/').map(encodeSegment).join('/')}`;
}

/** The path with `?a=b&c=d` of the parameters that are defined; an empty or false one counts. */
export function withQuery(path: string, parameters: Record<string, string | number | boolean | undefined>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(key, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** `.` and `..` would be resolved away by the URL parser even when escaped, and an empty name would address the collection. */
function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw new TypeError(`not a name of the Kubernetes API: "${segment}"`);
  }
  return encodeURIComponent(segment);
}
