import { oneLine } from './printable.js';

const GAP = 2;
/** A last column that is narrower than this is no pleasure to read. */
const LEAST_WRAPPED = 24;
/** So few columns need no labels to be told apart. */
const STACKED_COLUMNS = 3;

/**
 * Columns padded to their widest cell, two spaces between them, as kubectl and Helm print tables; nothing is cut off.
 *
 * @param width columns of the terminal, where there is one: a table that is wider wraps its last column; where that is too narrow, it stands below the
 * others, or of many columns each gets a line
 */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[], width?: number): string {
  const plain = rows.map((row) => row.map(oneLine));
  const lines = [header, ...plain];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const total = widths.reduce((sum, one) => sum + one + GAP, -GAP);
  if (width === undefined || total <= width) return printLines(lines, widths);
  const last = width - (total - widths.at(-1)!);
  const longestWord = Math.max(...lines.flatMap((line) => (line.at(-1) ?? '').split(' ').map(({ length }) => length)));
  if (last >= LEAST_WRAPPED && last >= longestWord) return printLines(wrapLast(lines, last), widths);
  if (header.length <= STACKED_COLUMNS) return plain.map((row) => stacked(row, widths)).join('');
  return plain.map((row) => block(header, row)).join('\n');
}

function printLines(lines: readonly (readonly string[])[], widths: readonly number[]): string {
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** What is too long for the last column goes on below it. */
function wrapLast(lines: readonly (readonly string[])[], width: number): string[][] {
  return lines.flatMap((line) => {
    const [first = '', ...more] = wrap(line.at(-1) ?? '', width);
    const around = line.slice(0, -1);
    return [[...around, first], ...more.map((text) => [...around.map(() => ''), text])];
  });
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The last column on a line of its own. */
function stacked(row: readonly string[], widths: readonly number[]): string {
  const head = printLines([row.slice(0, -1)], widths);
  const last = row.at(-1) ?? '';
  return last === '' ? head : `${head}    ${last}\n`;
}

function block(header: readonly string[], row: readonly string[]): string {
  const label = Math.max(...header.map(({ length }) => length)) + GAP;
  return header
    .map((name, column) => [name, row[column] ?? ''] as const)
    .filter(([, cell]) => cell !== '')
    .map(([name, cell]) => `${name.padEnd(label)}${cell}\n`)
    .join('');
}
