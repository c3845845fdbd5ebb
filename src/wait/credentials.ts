const MASK = '********';

/** `password=…`, `"token":"…"`, a bearer token, a line of a PEM file. A digest is none. Each takes time in proportion to the text. */
const CREDENTIALS: readonly [RegExp, string][] = [
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
  return CREDENTIALS.reduce(
    (masked, [pattern, replacement]) => masked.replaceAll(pattern, replacement),
    withoutPasswordsInUrls(text),
  );
}

const USER = /:\/\/[^:@/]*:/;

/** A pattern for the whole would look from each `://` to the end of the word: long texts may be full of them. */
function withoutPasswordsInUrls(text: string): string {
  const parts = text.split('@');
  const last = parts.pop()!;
  const masked = parts.map((part) => {
    const word = part.slice(startOfLastWord(part));
    const user = USER.exec(word);
    const password = user === null ? '' : word.slice(user.index + user[0].length);
    return password === '' ? part : part.slice(0, part.length - password.length) + MASK;
  });
  return [...masked, last].join('@');
}

function startOfLastWord(text: string): number {
  let start = text.length;
  while (start > 0 && !/\s/.test(text[start - 1]!)) start--;
  return start;
}
