import { KthenaError } from '../errors.js';

/** A template string in its parts: text as it stands, and the expressions in it. */
export type Part = { text: string } | { expression: string };

/**
 * Splits `a-${ x.y }-b` into text and CEL expressions. `$${` stands for the characters `${`.
 *
 * @throws KthenaError `render` where a `${` is not closed
 */
export function splitText(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const end = closingBrace(text, at + 2);
      if (literal !== '') parts.push({ text: literal });
      literal = '';
      parts.push({ expression: text.slice(at + 2, end).trim() });
      at = end + 1;
    } else {
      literal += text[at++];
    }
  }
  if (literal !== '') parts.push({ text: literal });
  return parts;
}

/** The brace that ends an expression: braces of map literals nest, those in CEL strings do not count. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== undefined) {
      if (character === '\\') at++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && depth-- === 0) {
      return at;
    }
  }
  throw new KthenaError('render', `"${text.slice(0, 300)}" has a \${ that no } closes`);
}
