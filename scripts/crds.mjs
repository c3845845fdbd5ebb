#!/usr/bin/env node
/**
 * Writes the expanded CRDs from their sources. With --check writes nothing,
 * but names what is not up to date and exits with 1.
 */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, generate, readSources } from './crds/generate.mjs';

const folder = fileURLToPath(new URL('../crds', import.meta.url));
const expected = generate(readSources(folder));
const check = process.argv.includes('--check');

for (const { file, problem } of compare(folder, expected)) {
  if (check) {
    console.error(`crds/${file} is ${problem}: run \`npm run crds\``);
    process.exitCode = 1;
    continue;
  }
  const content = expected.get(file);
  if (content === undefined) rmSync(join(folder, file));
  else writeFileSync(join(folder, file), content);
  console.log(`crds/${file} was ${problem}`);
}
