import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun } from '../install/program.js';
import { json } from './fixtures.js';

const NAMESPACE = 'kthena-system';

let cluster: ControlPlane;
let folder: string;
let values: string;
const kthena = async (...args: string[]): Promise<string> => (await mustRun(args, { env: cluster.env })).stdout;

beforeAll(async () => {
  cluster = await startControlPlane();
  folder = await mkdtemp(join(tmpdir(), 'kthena-large-'));
  values = join(folder, 'values.yaml');
  const env = [{ name: 'LARGE', value: randomBytes(425_000).toString('hex') }];
  await writeFile(
    values,
    JSON.stringify({ workload: { enabled: false }, networking: { kthenaRouter: { extraEnv: env } } }),
  );
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true });
});

async function recordSecrets(): Promise<string[]> {
  const { stdout } = await cluster.kubectl(['get', 'secrets', '-n', NAMESPACE, '-o', 'name']);
  return stdout.split('\n').filter((name) => name.includes('.release.'));
}

describe('an install with values that are too large for one Secret', () => {
  it('succeeds, is known to be there, and can be looked at', async () => {
    await kthena('install', '-f', values);
    expect(await recordSecrets()).toEqual([
      'secret/kthena.release.v1.kthena.v1.part1',
      'secret/sh.helm.release.v1.kthena.v1',
    ]);
    expect(await kthena('install', '-f', values)).toContain('is installed already, and nothing changes');
    expect((await kthena('get', 'values')).length).toBeGreaterThan(850_000);
    for (const helm of [cluster.helm3, cluster.helm4]) {
      expect(await json(helm, ['list', '-n', NAMESPACE])).toMatchObject([{ name: 'kthena', status: 'deployed' }]);
    }
  });

  it('is taken away with all of its records', async () => {
    await kthena('uninstall', '--delete-namespace', '--wait');
    const { stdout } = await cluster.kubectl(['get', 'namespaces', '-o', 'name']);
    expect(stdout).not.toContain(NAMESPACE);
  });
});
