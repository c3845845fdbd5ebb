#!/usr/bin/env node
/**
 * Writes what is generated of the documentation: docs/reference/, and the overview of the values in README.md.
 * With --check writes nothing, but names each file that is not up to date and exits with 1.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDocuments, staleDocuments } from './docs/documents.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const expected = await generateDocuments(root);
const check = process.argv.includes('--check');

for (const path of await staleDocuments(root, expected)) {
  if (check) {
    console.error(`${path} is stale: run \`npm run docs\``);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), expected.get(path));
  console.log(`${path} written`);
}
