import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { compileSchema } from '../../../src/values/compile.js';
import type { Schema } from '../../../src/values/schema.js';
import type { ValidateFunction } from '../../../src/values/validate.js';

const schemaPath = fileURLToPath(new URL('../../../manifests/values.schema.json', import.meta.url));

describe('the validator made at build time', () => {
  let folder: string;
  let built: ValidateFunction;
  let compiled: ValidateFunction;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'validator-'));
    const outFile = join(folder, 'validate.mjs');
    const { buildValidator } = (await import(new URL('../../../scripts/validator.mjs', import.meta.url).href)) as {
      buildValidator(schemaPath: string, outFile: string): Promise<void>;
    };
    await buildValidator(schemaPath, outFile);
    // From a folder that has no node_modules: it needs no other module.
    built = ((await import(pathToFileURL(outFile).href)) as { validate: ValidateFunction }).validate;
    compiled = await compileSchema(JSON.parse(await readFile(schemaPath, 'utf8')) as Schema);
  }, 30_000);
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('answers as one compiled at run time does', () => {
    for (const values of [
      {},
      { global: { certManagementMode: 'x', webhook: { caBundle: '?' } }, extra: 1 },
      { workload: { controllerManager: { controllers: ['x'], podLabels: { 'a b': 1 } } } },
      { networking: { kthenaRouter: { image: { repository: '', tag: 'é' }, drainTimeout: '5' } } },
    ]) {
      expect(built(values)).toBe(compiled(values));
      expect(built.errors).toEqual(compiled.errors);
    }
  });
});

describe('compileSchema', () => {
  it.each<[string, Schema]>([
    ['a keyword that is none', { type: 'object', propertis: {} }],
    ['a format that is none', { type: 'string', format: 'no-such-format' }],
    ['a pattern, which can run for ever', { type: 'string', pattern: '^(a+)+$' }],
    ['patternProperties, which can run for ever', { type: 'object', patternProperties: { '^(a+)+$': {} } }],
    ['a reference to somewhere else', { $ref: 'https://example.com/schema.json' }],
    ['another draft', { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' }],
    ['asynchronous validation', { $async: true, type: 'object' }],
    ['nonsense', { type: 5 }],
  ])('refuses %s', async (_, schema) => {
    const outcome = await compileSchema(schema).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(KthenaError);
    expect(outcome).toMatchObject({
      code: 'bundle',
      message: expect.stringMatching(/^values\.schema\.json: /) as string,
    });
  });
});
