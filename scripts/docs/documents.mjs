/** All that is generated of the documentation, and how the files on disk differ from it. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { importTypeScript } from '../import-typescript.mjs';
import { commandsPage } from './commands.mjs';
import { valuesOverview, valuesPage } from './values.mjs';

const VALUES_PAGE = 'docs/reference/values.md';
const COMMANDS_PAGE = 'docs/reference/commands.md';
const README = 'README.md';

/**
 * @param {string} root folder of the project
 * @returns {Promise<Map<string, string>>} the text of each file that is generated, whole or in part, by its path below `root`
 */
export async function generateDocuments(root) {
  /** @param {string} path */
  const read = (path) => readFile(join(root, path), 'utf8');
  const [{ createProgram }, { FORMATS }] = await Promise.all(
    ['src/cli/program.ts', 'src/values/formats.ts'].map((path) => importTypeScript(join(root, path))),
  );
  const schema = JSON.parse(await read('manifests/values.schema.json'));
  const { rules } = /** @type {any} */ (load(await read('manifests/bundle.yaml')));
  const overview = valuesOverview(schema, VALUES_PAGE);
  return new Map([
    [VALUES_PAGE, valuesPage({ schema, rules, formats: FORMATS })],
    [COMMANDS_PAGE, commandsOf(createProgram)],
    [README, replaceBetween(await read(README), 'values', overview)],
  ]);
}

/**
 * @param {string} root
 * @param {Map<string, string>} expected what `generateDocuments` returned
 * @returns {Promise<string[]>} the files that are missing or differ
 */
export async function staleDocuments(root, expected) {
  const stale = [];
  for (const [path, text] of expected) {
    const actual = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (actual !== text) stale.push(path);
  }
  return stale;
}

/**
 * Puts new content between `<!-- name:begin -->` and `<!-- name:end -->`.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} content
 * @returns {string}
 * @throws {Error} where the text does not have both markers in this order
 */
export function replaceBetween(text, name, content) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`there is no ${begin} … ${end}`);
  // Prettier would pad every cell of the table to the widest of its column.
  const shielded = `<!-- prettier-ignore-start -->\n\n${content}\n<!-- prettier-ignore-end -->`;
  return `${text.slice(0, from)}${begin}\n${shielded}\n${text.slice(to)}`;
}

/** @param {(terminal: any) => import('commander').Command} createProgram */
function commandsOf(createProgram) {
  let printed = '';
  const stream = { write: (/** @type {string} */ text) => void (printed += text) };
  const program = createProgram({ stdout: stream, stderr: stream, environment: {} });
  return commandsPage(program, (command) => {
    printed = '';
    command.outputHelp();
    return printed;
  });
}
