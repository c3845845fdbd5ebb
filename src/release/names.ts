import { KthenaError } from '../errors.js';

/** Helm's bound: what charts append to the release's name must still fit the 63 characters of a label. */
const MAX_RELEASE_NAME = 53;
/** A namespace is a DNS label (RFC 1123). */
const MAX_NAMESPACE = 63;

const RELEASE_RULE =
  'A release name has at most 53 characters: lowercase letters, digits, "-" and ".", with a letter or digit at both ends and on both sides of each ".".';
const NAMESPACE_RULE =
  'A namespace has at most 63 characters: lowercase letters, digits and "-", with a letter or digit at both ends.';

/**
 * Throws KthenaError `usage` unless Helm 3 and 4 would take `name` as a release name:
 * a DNS-1123 subdomain (dots allowed) of at most 53 characters.
 */
export function checkReleaseName(name: string): void {
  const fault = faultIn(name, MAX_RELEASE_NAME, '.') ?? name.split('.').map(faultAtEnds).find(isString);
  if (fault !== undefined) throw new KthenaError('usage', badName('release name', name, fault), { hint: RELEASE_RULE });
}

/** Throws KthenaError `usage` unless `name` can be the name of a Namespace: a DNS-1123 label of at most 63 characters. */
export function checkNamespace(name: string): void {
  const fault = faultIn(name, MAX_NAMESPACE, '') ?? faultAtEnds(name);
  if (fault !== undefined) throw new KthenaError('usage', badName('namespace', name, fault), { hint: NAMESPACE_RULE });
}

function faultIn(name: string, longest: number, punctuation: string): string | undefined {
  if (name === '') return 'it is empty';
  const foreign = [...name].find(
    (character) => !isAlphanumeric(character) && character !== '-' && !punctuation.includes(character),
  );
  if (foreign !== undefined) {
    return /[A-Z]/.test(foreign)
      ? `"${foreign}" is an uppercase letter`
      : `${JSON.stringify(foreign)} is not allowed in it`;
  }
  return name.length > longest ? `it has ${name.length} characters, at most ${longest} are allowed` : undefined;
}

function faultAtEnds(label: string): string | undefined {
  if (label === '') return 'a "." needs a letter or digit on both sides';
  if (!isAlphanumeric(label.at(0)!)) return `"${label}" does not start with a letter or digit`;
  if (!isAlphanumeric(label.at(-1)!)) return `"${label}" does not end with a letter or digit`;
  return undefined;
}

function badName(what: string, name: string, fault: string): string {
  return `${JSON.stringify(name)} cannot be a ${what}: ${fault}`;
}

function isAlphanumeric(character: string): boolean {
  return /^[a-z0-9]$/.test(character);
}

function isString(value: string | undefined): value is string {
  return value !== undefined;
}
