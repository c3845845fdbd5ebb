import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/actions/prepare.js';
import { loadBuiltInBundle } from '../../src/bundle/built-in.js';
import type { KubeObject } from '../../src/kube/object.js';
import { parseSchemas } from '../../src/lint/load.js';
import { nameFindings } from '../../src/lint/names.js';
import { structureFindings } from '../../src/lint/structure.js';
import { printManifest } from '../../src/render/print.js';
import type { RenderedObject } from '../../src/render/render.js';

const cases = new URL('cases/', import.meta.url);
const facts = new URL('../../../shared/', import.meta.url);
const bundle = await loadBuiltInBundle();

async function renderCase(name: string): Promise<RenderedObject[]> {
  const file = new URL(`${name}/values.yaml`, cases).pathname;
  const { rendering } = await prepare(bundle, {
    release: { name: 'kthena', namespace: 'kthena-system' },
    values: { files: [file], set: [], setString: [], setFile: [], setJson: [], setLiteral: [] },
    skipSchemaValidation: false,
    readStdin: () => Promise.reject(new Error('nothing reads standard input here')),
  });
  return rendering.objects;
}

describe('the objects of an install', () => {
  it.each(readdirSync(cases))('%s', async (name) => {
    const text = printManifest(bundle.name, await renderCase(name));
    await expect(text).toMatchFileSnapshot(new URL(`${name}/objects.yaml`, cases).pathname);
  });

  it.each(readdirSync(cases))('%s: the API server would take them', async (name) => {
    const schemas = parseSchemas(await bundle.objectSchemas());
    const objects = (await renderCase(name)).map(({ object }) => object);
    expect(objects.flatMap((object) => [...structureFindings(object, schemas), ...nameFindings(object)])).toEqual([]);
  });

  it('are the same to the byte on every rendering', async () => {
    const print = async (): Promise<string> => printManifest(bundle.name, await renderCase('scheduling'));
    expect(await print()).toBe(await print());
  });
});

describe.skipIf(!existsSync(facts))('compared with what the published chart makes', async () => {
  const { differences } = existsSync(facts)
    ? ((await import(new URL('tools/same-objects.mjs', facts).href)) as {
        differences(expected: KubeObject[], actual: KubeObject[]): string[];
      })
    : { differences: () => [] };
  const published = existsSync(facts) ? readdirSync(new URL('facts/objects/', facts)) : [];
  const differencesOf = async (name: string): Promise<string[]> => {
    const expected = JSON.parse(
      readFileSync(new URL(`facts/objects/${name}/objects.json`, facts), 'utf8'),
    ) as KubeObject[];
    return differences(
      expected,
      (await renderCase(name)).map(({ object }) => object),
    );
  };

  it.each(published.filter((name) => name !== 'webhooks-off'))('%s: the same objects', async (name) => {
    expect(await differencesOf(name)).toEqual([]);
  });

  it('webhooks-off: but the controller manager is told, and not probed where nothing listens', async () => {
    const container = 'Deployment/kthena-system/kthena-controller-manager.spec.template.spec.containers[0]';
    const found = (await differencesOf('webhooks-off')).map((line) => line.split(': ')[0]);
    expect(found).toEqual([`${container}.args[3]`, `${container}.livenessProbe`, `${container}.readinessProbe`]);
  });
});
