import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../../src/values/compile.js';
import { propertiesOf, schemaAt } from '../../../src/values/schema.js';
import type { Schema } from '../../../src/values/schema.js';
import { isMap, valueAt } from '../../../src/values/value.js';
import type { Values } from '../../../src/values/value.js';
import { parseValuesYaml } from '../../../src/values/yaml.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const schema = JSON.parse(read('manifests/values.schema.json')) as Schema;
const text = read('manifests/values.yaml');
const defaults = parseValuesYaml(text, 'values.yaml').values;
const published = fileURLToPath(new URL('../shared/facts/default-values.json', root));

/** Paths of the schema's values; a map with keys of its own is no value but a place for values. */
function leaves(schema: Schema, above: string[] = []): string[][] {
  return Object.entries(propertiesOf(schema)).flatMap(([key, property]) => {
    const path = [...above, key];
    return Object.keys(propertiesOf(property)).length > 0 ? leaves(property, path) : [path];
  });
}

/** Paths of what the file sets, down to where the schema describes one value. */
function settings(values: Values, above: string[] = []): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, key];
    const described = schemaAt(schema, path);
    const place = described !== undefined && Object.keys(propertiesOf(described)).length > 0;
    return isMap(value) && place ? settings(value, path) : [path];
  });
}

describe('manifests/values.yaml and manifests/values.schema.json', () => {
  it('give every value the same default', () => {
    for (const path of leaves(schema)) {
      expect(valueAt(defaults, path), path.join('.')).toEqual(schemaAt(schema, path)?.['default']);
    }
  });

  it('describe every default', () => {
    for (const path of settings(defaults)) expect(schemaAt(schema, path), path.join('.')).toBeDefined();
  });

  it('mention a value without a default in a comment', () => {
    const without = leaves(schema).filter((path) => valueAt(defaults, path) === undefined);
    expect(without.map((path) => path.at(-1))).toEqual([
      'minAvailable',
      'maxUnavailable',
      'minAvailable',
      'maxUnavailable',
    ]);
    for (const path of without) expect(text).toMatch(new RegExp(`# ${path.at(-1)}: `));
  });

  it('have a description for every value and every place', () => {
    const walk = (schema: Schema, path: string): void => {
      for (const [key, property] of Object.entries(propertiesOf(schema))) {
        expect(property['description'], `${path}${key}`).toMatch(/^[A-Z].{10,}\.$/s);
        walk(property, `${path}${key}.`);
      }
    };
    walk(schema, '');
  });

  it('are closed wherever the schema names keys', () => {
    const walk = (schema: Schema, path: string): void => {
      if (Object.keys(propertiesOf(schema)).length === 0) return;
      expect(schema['additionalProperties'], path).toBe(false);
      for (const [key, property] of Object.entries(propertiesOf(schema))) walk(property, `${path}.${key}`);
    };
    walk(schema, '');
  });

  it('agree: the defaults are valid', async () => {
    const validate = await compileSchema(schema);
    validate(defaults);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('treat what both components share alike', () => {
    const shared = [
      'resource',
      'kubeAPIQPS',
      'kubeAPIBurst',
      'podAnnotations',
      'podLabels',
      'imagePullSecrets',
      'extraEnv',
    ];
    const more = ['podDisruptionBudget', 'securityContext', 'priorityClassName'];
    for (const key of [...shared, ...more]) {
      const manager = schemaAt(schema, ['workload', 'controllerManager', key]);
      expect(manager, key).toEqual(schemaAt(schema, ['networking', 'kthenaRouter', key]));
    }
  });

  it.skipIf(!existsSync(published))('have the defaults of the published release', () => {
    const facts = JSON.parse(readFileSync(published, 'utf8')) as Values;
    const own = (facts: Values, defaults: Values): Values =>
      Object.fromEntries(
        Object.entries(facts).map(([key, value]) => {
          const at = defaults[key];
          return [key, isMap(value) && isMap(at) ? own(value, at) : (at ?? null)];
        }),
      );
    expect(own(facts, defaults)).toEqual(facts);
  });
});
