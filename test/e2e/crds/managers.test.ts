import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { crdOf, NETWORKING } from '../../fixtures/crds/history.js';
import { mustRun, runKthena } from '../install/program.js';
import { clearCrds, liveCrd, managersOf, resetCrds, schemaOf, served, specOf, versionsIn } from './crd-cluster.js';
import { testFolder } from './folder.js';
import { killedUpgrades } from './killed.js';
import { listAndDiff } from './list-and-diff.js';
import { withoutRights } from './rights.js';

const ROUTES = `modelroutes.${NETWORKING}`;

let cluster: ControlPlane;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env, cwd: tmpdir() });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env, cwd: tmpdir() });

beforeAll(async () => {
  cluster = await startControlPlane();
  await cluster.request('POST', '/api/v1/namespaces', { metadata: { name: 'models' } });
});
afterAll(() => cluster?.stop());

/** An older CRD, with things everywhere that the bundled one has not. */
function oldRoutes(): KubeObject {
  const crd = crdOf('0.3', 'ModelRoute');
  crd.metadata.labels = { 'app.example/old': 'yes' };
  crd.metadata.annotations = { 'app.example/note': 'old' };
  specOf(crd).names.categories = ['old-category'];
  schemaOf(crd).properties!['spec']!.properties!['legacy'] = { type: 'string' };
  return crd;
}

type Way = (crd: KubeObject) => Promise<CommandResult>;

const viaKubectl =
  (...args: string[]): Way =>
  (crd) =>
    cluster.kubectl([...args, '-f', '-'], { input: JSON.stringify(crd) });

const viaHelm =
  (helm: 'helm3' | 'helm4'): Way =>
  async (crd) => {
    const chart = await testFolder();
    await mkdir(join(chart, 'crds'));
    await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: tiny\nversion: 1.0.0\n');
    await writeFile(join(chart, 'crds', 'crd.yaml'), JSON.stringify(crd));
    return cluster[helm](['install', helm, chart, '--namespace', 'default']);
  };

async function bring(way: Way, crd: KubeObject): Promise<void> {
  expect(await way(crd)).toMatchObject({ code: 0 });
  await served(cluster, [crd]);
}

describe('a CRD that was brought in', () => {
  beforeEach(() => clearCrds(cluster));

  it.each<[string, Way, string]>([
    ['with kubectl apply', viaKubectl('apply'), 'kubectl-client-side-apply Update'],
    ['with kubectl apply --server-side', viaKubectl('apply', '--server-side'), 'kubectl Apply'],
    ['with kubectl create', viaKubectl('create'), 'kubectl-create Update'],
    ['by Helm 3', viaHelm('helm3'), 'helm Update'],
    ['by Helm 4', viaHelm('helm4'), 'helm Apply'],
  ])('%s is taken over whole by an upgrade, and nothing old stays', async (_, way, manager) => {
    await bring(way, oldRoutes());
    expect(managersOf(await liveCrd(cluster, ROUTES))).toContain(manager);

    expect((await must('crds', 'upgrade', ROUTES)).stdout).toBe(`${ROUTES} upgraded\n`);
    const crd = await liveCrd(cluster, ROUTES);
    expect(managersOf(crd).sort()).toEqual(['kthena Apply', 'kube-apiserver Update status']);
    const bundled = crdOf('1.0', 'ModelRoute');
    expect(schemaOf(crd)).toEqual(schemaOf(bundled));
    expect(specOf(crd).names.categories).toEqual(specOf(bundled).names.categories);
    expect(crd.metadata.labels).toEqual(bundled.metadata.labels);
    expect(crd.metadata.annotations).toEqual({ ...bundled.metadata.annotations, 'kthena.io/bundle-version': '1.0.0' });

    const before = await versionsIn(cluster);
    expect((await must('crds', 'upgrade', ROUTES)).stdout).toBe(`${ROUTES} unchanged\n`);
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('keeps what others added to it', async () => {
    await bring(viaKubectl('apply'), oldRoutes());
    const label = await cluster.kubectl(['label', 'crd', ROUTES, 'team=serving']);
    expect(label).toMatchObject({ code: 0 });
    await must('crds', 'upgrade', ROUTES);
    expect((await liveCrd(cluster, ROUTES)).metadata.labels).toEqual({ team: 'serving' });
  });

  it('is taken over even where it says the same already', async () => {
    await bring(viaKubectl('apply'), crdOf('1.0', 'ModelRoute'));
    await must('crds', 'upgrade', ROUTES);
    const crd = await liveCrd(cluster, ROUTES);
    expect(managersOf(crd).sort()).toEqual(['kthena Apply', 'kube-apiserver Update status']);
    expect(crd.metadata.annotations).not.toHaveProperty('kubectl.kubernetes.io/last-applied-configuration');
  });
});

describe('a CRD that another manager owns', () => {
  beforeEach(() => clearCrds(cluster));

  const argocd = viaKubectl('apply', '--server-side', '--field-manager=argocd', '--force-conflicts');

  it.each<[string, () => Promise<unknown>]>([
    ['alone', () => bring(argocd, oldRoutes())],
    ['together with Helm', () => resetCrds(cluster, [oldRoutes()], 'helm').then(() => bring(argocd, oldRoutes()))],
  ])('%s is a conflict that names it and the field, and changes nothing', async (_, prepare) => {
    await prepare();
    const before = await versionsIn(cluster);
    for (const command of [['crds', 'upgrade', ROUTES], ['install']]) {
      const { code, stdout, stderr } = await kthena(...command);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`CustomResourceDefinition/${ROUTES}`);
      expect(stderr).toMatch(/^ +argocd: \.spec\.versions$/m);
      expect(stderr).not.toContain('helm:');
      expect(stderr).toContain('--force-conflicts');
    }
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('is upgraded with --force-conflicts', async () => {
    await bring(argocd, oldRoutes());
    expect((await must('crds', 'upgrade', ROUTES, '--force-conflicts')).stdout).toBe(`${ROUTES} upgraded\n`);
    const crd = await liveCrd(cluster, ROUTES);
    expect(schemaOf(crd)).toEqual(schemaOf(crdOf('1.0', 'ModelRoute')));
    expect(crd.metadata.labels, 'what does not stand in the way stays').toEqual({ 'app.example/old': 'yes' });
    expect((await must('crds', 'upgrade', ROUTES)).stdout).toBe(`${ROUTES} unchanged\n`);
  });

  it('is no conflict where it owns nothing that changes', async () => {
    await bring(viaKubectl('apply'), oldRoutes());
    const annotate = ['annotate', 'crd', ROUTES, 'argocd.example/tracking=x', '--field-manager=argocd'];
    expect(await cluster.kubectl(annotate)).toMatchObject({ code: 0 });
    await must('crds', 'upgrade', ROUTES);
    expect((await liveCrd(cluster, ROUTES)).metadata.annotations).toMatchObject({ 'argocd.example/tracking': 'x' });
  });
});

listAndDiff(() => cluster);
withoutRights(() => cluster);
killedUpgrades(() => cluster);
