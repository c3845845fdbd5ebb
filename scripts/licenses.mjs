import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of the packages that a bundle contains: they ask to be kept with every copy.
 *
 * @param {import('esbuild').Metafile} metafile of the bundle
 * @param {string} root the folder that holds node_modules
 * @returns {Promise<string>} name, version and licence text of each package, by name
 */
export async function thirdPartyLicenses(metafile, root) {
  const folders = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const match = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) folders.add(path.slice(0, match[0].length));
  }
  const texts = await Promise.all([...folders].sort().map((folder) => licenseOf(join(root, folder))));
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  const text = file === undefined ? '' : `\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
