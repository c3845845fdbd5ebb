const MASK = '********';

/** `password=…`, `"token":"…"`, a user's password in a URL, a bearer token, a line of a PEM file. A digest is none. */
const CREDENTIALS: readonly [RegExp, string][] = [
  [/(:\/\/[^\s:@/]*:)[^\s@]+@/g, `$1${MASK}@`],
  [
    /((?:password|passwd|secret|token|(?:api|access|private|secret)[-_]?key)["']?(?:=|["']\s*:\s*)["']?)[^\s"',;&]+/gi,
    `$1${MASK}`,
  ],
  [/\b(Bearer\s+)[\w.~+/=-]{8,}/g, `$1${MASK}`],
  [/(?<![\w+/])(?![0-9a-f]{64}\b)[A-Za-z0-9+/]{64,}={0,2}/g, MASK],
];

/**
 * Text that a component wrote, without what has the form of a credential. Forms are all there is to go by: a secret
 * that is written like any other word stays.
 */
export function maskCredentials(text: string): string {
  return CREDENTIALS.reduce((masked, [pattern, replacement]) => masked.replaceAll(pattern, replacement), text);
}
