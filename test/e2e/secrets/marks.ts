/** Something secret, and how it would look in an output. */
export interface Mark {
  name: string;
  forms: string[];
}

/** What a program printed or left behind, and where. */
export interface Output {
  where: string;
  text: string;
}

/** A text of letters and digits that appears nowhere else. */
export function mark(name: string, text: string): Mark {
  return { name, forms: [text, ...base64Forms(text)] };
}

/** A private key: no line of it may appear, neither as PEM nor as base64 of that. */
export function keyMark(name: string, pem: string): Mark {
  const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  return { name, forms: lines.flatMap((line) => [line, ...base64Forms(line)]) };
}

/**
 * Base64 of a text that stands somewhere in what is encoded: its first characters depend on what is before it, so there are three
 * of them, each without its ends.
 */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + text).toString('base64');
    return encoded.replace(/=+$/, '').slice(before === 0 ? 0 : 4, -2);
  });
}

/** Every place where a mark is found. */
export function leaks(marks: readonly Mark[], outputs: readonly Output[]): string[] {
  return outputs.flatMap(({ where, text }) =>
    marks.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ name }) => `${name} in ${where}`),
  );
}
