import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun } from '../install/program.js';

const NAMESPACE = 'kthena-system';

let cluster: ControlPlane;
let folder: string;
beforeAll(async () => {
  cluster = await startControlPlane();
  folder = mkdtempSync(join(tmpdir(), 'kthena-kustomize-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await cluster.stop();
});

const template = async (...args: string[]): Promise<string> =>
  (await mustRun(['template', ...args], { env: cluster.env })).stdout;

async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.kubectl(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

function byName(yaml: string): Record<string, KubeObject> {
  const objects = loadAll(yaml).filter((document) => document !== null) as KubeObject[];
  return Object.fromEntries(objects.map((object) => [formatRef(refOf(object)), object]));
}

it.each(['yaml', 'json'])('kustomize makes the objects that template prints, of %s files', async (format) => {
  const files = join(folder, format);
  await template('--include-crds', '--output-dir', files, '-o', format);
  const built = byName(await kubectl('kustomize', files));
  const printed = byName(await template('--include-crds'));
  expect(Object.keys(built).sort()).toEqual(Object.keys(printed).sort());
  for (const [name, object] of Object.entries(printed)) expect(built[name], name).toEqual(object);
});

it('without what is switched off by now', async () => {
  const files = join(folder, 'again');
  await template('--output-dir', files);
  const output = await template('--output-dir', files, '--set', 'networking.enabled=false');
  expect(output).toContain(`removed ${join(files, 'kthena/manifests/networking/deployment.yaml')}\n`);
  const built = byName(await kubectl('kustomize', files));
  expect(built).toEqual(byName(await template('--set', 'networking.enabled=false')));
});

it('kubectl apply -k brings all of it into a cluster, and again onto the same objects', async () => {
  const files = join(folder, 'apply');
  await template('--include-crds', '--output-dir', files);
  await kubectl('create', 'namespace', NAMESPACE);
  const apply = ['apply', '--server-side', '-k', files, '-o', 'yaml'];
  const uids = (yaml: string): (string | undefined)[] =>
    (loadAll(yaml)[0] as { items: KubeObject[] }).items.map(({ metadata }) => metadata.uid);
  const first = uids(await kubectl(...apply));
  expect(first).toHaveLength(Object.keys(byName(await template('--include-crds'))).length);
  expect(uids(await kubectl(...apply))).toEqual(first);
});
