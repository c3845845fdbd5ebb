import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resourcesOf } from '../../../src/actions/kustomization.js';
import { writeDocuments } from '../../../src/actions/template-files.js';
import type { OutputDocument } from '../../../src/actions/template.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const document = (source: string, name = 'a'): OutputDocument => ({
  source,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
});
const write = (...documents: OutputDocument[]): ReturnType<typeof writeDocuments> =>
  writeDocuments(folder, documents, 'yaml');
const path = (name: string): string => join(folder, name);
const list = (): string => readFileSync(path('kustomization.yaml'), 'utf8');

it('lists every file once, in the order of the documents, the same on every run', async () => {
  const documents = [document('k/m/b.yaml'), document('k/m/a.yaml'), document('k/m/b.yaml', 'b')];
  const { written } = await write(...documents);
  expect(written).toEqual([path('k/m/b.yaml'), path('k/m/a.yaml'), path('kustomization.yaml')]);
  const first = list();
  expect(resourcesOf(first)).toEqual(['k/m/b.yaml', 'k/m/a.yaml']);
  await write(...documents);
  expect(list()).toBe(first);
});

it('removes what an earlier run wrote and this one does not, and nothing else', async () => {
  await write(document('k/m/a.yaml'), document('k/m/b.yaml'));
  writeFileSync(path('k/m/own.yaml'), 'mine');
  const { removed } = await write(document('k/m/b.yaml'));
  expect(removed).toEqual([path('k/m/a.yaml')]);
  expect(existsSync(path('k/m/a.yaml'))).toBe(false);
  expect(readFileSync(path('k/m/own.yaml'), 'utf8')).toBe('mine');
});

it('names the files of the other format', async () => {
  await write(document('k/m/a.yaml'));
  const { written, removed } = await writeDocuments(folder, [document('k/m/a.yaml')], 'json');
  expect(written).toEqual([path('k/m/a.json'), path('kustomization.yaml')]);
  expect(removed).toEqual([path('k/m/a.yaml')]);
});

it.each([
  ['of somebody else', () => 'resources: [mine.yaml]\n'],
  ['that was added to', () => `${list()}namePrefix: x-\n`],
  ['that lists what is outside', () => list().replace('k/m/a.yaml', '../a.yaml')],
  ['that is no YAML any more', () => `${list()}]`],
])('leaves a kustomization.yaml %s alone, and writes nothing', async (_name, text) => {
  await write(document('k/m/a.yaml'));
  const foreign = text();
  writeFileSync(path('kustomization.yaml'), foreign);
  await expect(write(document('k/m/b.yaml'))).rejects.toMatchObject({ code: 'conflict' });
  expect(list()).toBe(foreign);
  expect(existsSync(path('k/m/b.yaml'))).toBe(false);
  expect(existsSync(path('k/m/a.yaml'))).toBe(true);
});

it('says why it cannot where a file stands in the way', async () => {
  writeFileSync(path('k'), '');
  await expect(write(document('k/m/a.yaml'))).rejects.toThrow(/cannot be written: ENOTDIR/);
});

it.runIf(existsSync('/proc/self'))('says so where nobody can make a folder, rather than trying for ever', async () => {
  await expect(writeDocuments('/proc/none/x', [document('a.yaml')], 'yaml')).rejects.toThrow(
    /cannot be written: ENOENT/,
  );
});
