// Compiles the schema of the built-in values to a module: compiling it at run time would cost each run 100 ms.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, _ } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { importTypeScript } from './import-typescript.mjs';

const SOURCES = fileURLToPath(new URL('../src/values', import.meta.url));

/**
 * Writes a module that exports `validate`, the compiled form of a JSON schema: it needs neither ajv nor any other file.
 *
 * @param {string} schemaPath the schema, as JSON
 * @param {string} outFile where the module goes; its folder must exist
 */
export async function buildValidator(schemaPath, outFile) {
  const { AJV_OPTIONS } = await importTypeScript(join(SOURCES, 'compile.ts'));
  const { FORMATS } = await importTypeScript(join(SOURCES, 'formats.ts'));
  const ajv = new Ajv({
    ...AJV_OPTIONS,
    formats: FORMATS,
    code: { source: true, esm: true, formats: _`require("./formats.ts").FORMATS` },
  });
  const validate = ajv.compile(JSON.parse(await readFile(schemaPath, 'utf8')));
  await build({
    stdin: { contents: standaloneCode.default(ajv, validate), resolveDir: SOURCES, sourcefile: 'validate-values.js' },
    outfile: outFile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
}
