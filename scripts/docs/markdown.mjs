/** Markdown that the generators write. */

/**
 * A table; cells may hold `|` and line breaks.
 *
 * @param {string[]} header
 * @param {string[][]} rows
 */
export function table(header, rows) {
  const lines = [header, header.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/**
 * Text as code; empty where there is none.
 *
 * @param {string} text
 */
export function code(text) {
  return text === '' ? '' : `\`${text}\``;
}

/**
 * The anchor that GitHub gives a heading.
 *
 * @param {string} heading
 */
export function anchor(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
