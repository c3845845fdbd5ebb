/**
 * Formats of strings that the API server validates, without their hyphens. A CRD may name any other: it is not checked.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.34.0/pkg/apiserver/validation/formats.go
 */
const CHECKED_FORMATS = new Set([
  ...['bsonobjectid', 'byte', 'cidr', 'creditcard', 'date', 'datetime', 'duration', 'email', 'hexcolor', 'hostname'],
  ...['ipv4', 'ipv6', 'isbn', 'isbn10', 'isbn13', 'mac', 'password', 'rgbcolor', 'ssn', 'uri'],
  ...['uuid', 'uuid3', 'uuid4', 'uuid5'],
  // From Kubernetes 1.34 on; an older server does not look at them.
  ...['k8sshortname', 'k8slongname'],
]);

export function isCheckedFormat(format: string): boolean {
  return CHECKED_FORMATS.has(withoutHyphens(format));
}

/** `date-time` and `datetime` are the same format to the API server. */
export function withoutHyphens(format: string): string {
  return format.replaceAll('-', '');
}
