import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { codeBlocks, read } from '../../unit/docs/markdown.js';
import { argumentsOf } from '../../unit/docs/command-lines.js';
import { mustRun } from '../install/program.js';

const blocks = codeBlocks(read('docs/gitops.md'));

let cluster: ControlPlane;
let folder: string;
beforeAll(async () => {
  cluster = await startControlPlane();
  folder = mkdtempSync(join(tmpdir(), 'kthena-gitops-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await cluster.stop();
});

it('the folder of docs/gitops.md is what a cluster takes, with its CRDs kept from being pruned', async () => {
  const [commands] = blocks.filter(({ info }) => info === 'sh');
  for (const line of commands!.text.trim().split('\n')) {
    await mustRun(argumentsOf(line), { env: cluster.env, cwd: folder });
  }
  for (const name of ['kustomization', 'namespace']) {
    writeFileSync(join(folder, `${name}.yaml`), blocks.find(({ info }) => info === `yaml ${name}`)!.text);
  }
  const built = await cluster.kubectl(['kustomize', folder]);
  expect(built.code, built.stderr).toBe(0);
  const objects = loadAll(built.stdout) as KubeObject[];
  const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  expect(crds).toHaveLength(5);
  for (const { metadata } of crds) {
    expect(metadata.annotations).toMatchObject({
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    });
  }
  const router = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'kthena-router');
  expect(router!['spec']).not.toHaveProperty('replicas');
  const applied = await cluster.kubectl(['apply', '--server-side', '-k', folder]);
  expect(applied.code, applied.stderr).toBe(0);
});
