import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Imports a TypeScript module into a script; Node 20 cannot by itself.
 *
 * @param {string} path absolute path of the module
 * @returns {Promise<Record<string, any>>} its exports
 */
export async function importTypeScript(path) {
  // Beside the module, so that packages are found from there; a data: URL could import none.
  const outfile = join(dirname(path), `.${process.pid}-${Math.random().toString(36).slice(2)}.mjs`);
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile);
  }
}
