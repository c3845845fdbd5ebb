/**
 * The texts in a `Warning` header as the API server sends it: `299 - "text"`, several joined by commas.
 * Anything else is left out.
 */
export function parseWarnings(header: string): string[] {
  return [...header.matchAll(/(?:^|,)\s*299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    match[1]!.replace(/\\(.)/g, '$1'),
  );
}
