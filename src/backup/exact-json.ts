import { randomBytes } from 'node:crypto';

/** Nothing the API server sends begins with it, since nobody knows it before the process runs. */
const MARK = `integer-${randomBytes(12).toString('hex')}:`;
const MANY_DIGITS = /\d{16}/;
/** A string, passed over as a whole; or an integer of 16 digits and more, which is not a part of a float. */
const STRING_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+])-?\d{16,}(?![\d.eE])/g;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');
/** Beyond int64 Kubernetes itself reads an integer as a float. */
const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

/**
 * `JSON.parse`, but an int64 that a number cannot hold exactly becomes a bigint: fields of Kubernetes
 * are int64, and such a one must not come back as its neighbour.
 */
export function parseJson(text: string): unknown {
  if (!MANY_DIGITS.test(text)) return JSON.parse(text);
  const marked = text.replace(STRING_OR_LONG_INTEGER, (token) =>
    token.startsWith('"') || typeof exactInteger(token) === 'number' ? token : `"${MARK}${token}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/** What `parseJson` gave as the same JSON. */
export function formatJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // The only thing of JSON.parse's or parseJson's making that JSON.stringify refuses is a bigint.
    if (!(error instanceof TypeError)) throw error;
    const marked = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${MARK}${part}` : part));
    return marked.replace(MARKED, '$1');
  }
}

/** The integer that decimal digits stand for: a bigint only where a number would print as something else. */
export function exactInteger(digits: string): number | bigint {
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return number;
  const exact = BigInt(digits);
  return String(number) === digits || exact < SMALLEST || exact > LARGEST ? number : exact;
}

/** Whether a bigint is anywhere in it. */
export function holdsBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigint);
}
