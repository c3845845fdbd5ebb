import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadAll } from 'js-yaml';
import { onTestFinished } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';

/** A folder for one test to run the program in: what it writes there shows. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kthena-crds-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The resources in the only file of a folder. */
export async function backupIn(folder: string): Promise<KubeObject[]> {
  const files = await readdir(folder);
  if (files.length !== 1) throw new Error(`one backup is expected, not: ${files.join(', ')}`);
  return resourcesIn(join(folder, files[0]!));
}

export async function resourcesIn(file: string): Promise<KubeObject[]> {
  const content = await readFile(file);
  const text = (file.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
  return loadAll(text).filter((document) => document !== null && document !== undefined) as KubeObject[];
}
