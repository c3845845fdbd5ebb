/** From the files below crds/src to the content of the files in crds. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { dump, load } from 'js-yaml';
import { expand } from './expand.mjs';
import { orderKeywords } from './schema.mjs';

/** @typedef {import('./expand.mjs').Library} Library */

/**
 * @typedef {object} Sources
 * @property {Record<string, any>} crds the CRDs in source form, by the name of their file
 * @property {Library} library
 */

/**
 * @param {string} folder the folder crds
 * @returns {Sources}
 */
export function readSources(folder) {
  const source = join(folder, 'src');
  /** @type {Sources} */
  const sources = { crds: {}, library: {} };
  for (const file of yamlFiles(source)) sources.crds[file] = readYaml(join(source, file));
  for (const shared of ['kubernetes', 'kthena']) {
    for (const file of yamlFiles(join(source, shared))) {
      const name = basename(file, '.yaml');
      if (name in sources.library) throw new Error(`two shared files are named ${file}`);
      sources.library[name] = readYaml(join(source, shared, file));
    }
  }
  return sources;
}

/**
 * @param {Sources} sources
 * @returns {Map<string, string>} the text of each expanded file, by file name
 */
export function generate({ crds, library }) {
  return new Map(
    Object.entries(crds).map(([file, source]) => {
      const crd = /** @type {any} */ (expand(source, library));
      for (const version of crd.spec.versions) {
        version.schema.openAPIV3Schema = orderKeywords(version.schema.openAPIV3Schema);
      }
      return [`${crd.spec.group}_${crd.spec.names.plural}.yaml`, header(file) + toYaml(crd)];
    }),
  );
}

/**
 * @typedef {object} Finding
 * @property {string} file
 * @property {'missing' | 'stale' | 'extra'} problem
 */

/**
 * @param {string} folder the folder crds
 * @param {Map<string, string>} expected what `generate` returned
 * @returns {Finding[]} how the expanded files on disk differ from what they should be, by file name
 */
export function compare(folder, expected) {
  const present = new Set(yamlFiles(folder));
  /** @type {Finding[]} */
  const findings = [];
  for (const file of [...new Set([...present, ...expected.keys()])].sort()) {
    if (!expected.has(file)) findings.push({ file, problem: 'extra' });
    else if (!present.has(file)) findings.push({ file, problem: 'missing' });
    else if (readFileSync(join(folder, file), 'utf8') !== expected.get(file)) findings.push({ file, problem: 'stale' });
  }
  return findings;
}

/** @param {string} file */
function header(file) {
  return `# Generated from src/${file} by \`npm run crds\`; changes belong there.\n`;
}

/**
 * Without folded lines, which make diffs larger than changes, and without anchors: files for readers.
 *
 * @param {unknown} value
 */
function toYaml(value) {
  return dump(value, { lineWidth: -1, noRefs: true });
}

/** @param {string} folder */
function yamlFiles(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
}

/** @param {string} path */
function readYaml(path) {
  return /** @type {any} */ (load(readFileSync(path, 'utf8'), { filename: path }));
}
