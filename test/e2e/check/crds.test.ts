import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { schemaOf } from '../crds/crd-cluster.js';
import { shippedCrds } from '../install/golden.js';
import { mustRun, runKthena } from '../install/program.js';
import { checkResult } from './program.js';

let cluster: ControlPlane;
const NAME = 'modelroutes.networking.serving.volcano.sh';

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

async function kubectl(args: string[], input?: string): Promise<void> {
  const { stderr, code } = await cluster.kubectl(args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}

/** Puts the CRD of ModelRoutes there, with a field more or less in its spec. */
async function put(change: (fields: Record<string, unknown>) => void, manager = 'kubectl'): Promise<void> {
  const crd = structuredClone(shippedCrds().find(({ metadata }) => metadata.name === NAME)!) as KubeObject;
  change(schemaOf(crd).properties!['spec']!.properties!);
  await kubectl(
    ['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-'],
    JSON.stringify(crd),
  );
  await kubectl(['wait', '--for=condition=Established', `crd/${NAME}`]);
}

const less = (fields: Record<string, unknown>): void => void delete fields['rateLimit'];
const more = (fields: Record<string, unknown>): void => void (fields['later'] = { type: 'string' });

const crds = (...args: string[]) => checkResult(cluster, 'crds', ...args);

describe('the check of the CRDs before an install', () => {
  it('is silent where there are none', async () => {
    expect(await crds('--pre')).toMatchObject({ status: 'passed', findings: [] });
  });

  it('is silent about older ones that can be upgraded', async () => {
    await put((fields) => void delete (fields['rules'] as { description?: string }).description);
    expect(await crds('--pre')).toMatchObject({ status: 'passed', findings: [] });
  });

  it('tells of newer ones, in an install once', async () => {
    await put(more);
    expect(await crds('--pre')).toMatchObject({
      status: 'failed',
      findings: [
        {
          severity: 'error',
          seen: expect.stringContaining(
            `newer CRDs than this bundle; they are not downgraded\nCustomResourceDefinition/${NAME}`,
          ) as string,
          hint: expect.stringContaining('--skip-crds') as string,
        },
      ],
    });
    const { stderr } = await runKthena(['install'], { env: cluster.env });
    expect(stderr.match(/newer CRDs/g)).toHaveLength(1);
    expect(await crds('--pre', '--skip-crds')).toMatchObject({ status: 'passed' });
  });

  it('tells of fields that another manager has, until they may be taken over', async () => {
    await kubectl(['delete', 'crd', NAME]);
    await put((fields) => void ((fields['rules'] as Record<string, unknown>)['maxItems'] = 15), 'argocd-controller');
    const { status, findings } = await crds('--pre');
    expect(status).toBe('failed');
    expect(findings.map(({ seen }) => seen.split('\n')[0])).toEqual([
      'other managers own fields of these CRDs that would change',
    ]);
    expect(findings[0]!.seen).toContain('argocd-controller: .spec.versions');
    expect(await crds('--pre', '--force-conflicts')).toMatchObject({ status: 'passed' });
  });

  it('tells of stored resources that would break', async () => {
    await kubectl(['delete', 'crd', NAME]);
    await put(
      (fields) =>
        void (fields['rules'] = {
          type: 'array',
          items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        }),
    );
    const route = {
      apiVersion: 'networking.serving.volcano.sh/v1alpha1',
      kind: 'ModelRoute',
      metadata: { name: 'odd', namespace: 'default', finalizers: ['kthena.test/hold'] },
      spec: { modelName: 'llama', rules: [{ targetModels: 'none' }] },
    };
    await kubectl(['create', '-f', '-'], JSON.stringify(route));
    const { findings } = await crds('--pre');
    expect(findings).toMatchObject([
      {
        severity: 'error',
        seen: expect.stringMatching(/^the upgrade would break 1 stored resource\n.*ModelRoute\/default\/odd/) as string,
      },
    ]);
  });

  it('tells of those that are being deleted', async () => {
    await kubectl(['delete', 'crd', NAME, '--wait=false']);
    expect((await crds('--pre')).findings).toMatchObject([
      { severity: 'error', seen: `CRDs are being deleted\nCustomResourceDefinition/${NAME}: is being deleted` },
    ]);
    const release = JSON.stringify({ metadata: { finalizers: null } });
    await kubectl(['patch', 'modelroute', 'odd', '--type=merge', '-p', release]);
    await kubectl(['wait', '--for=delete', `crd/${NAME}`]);
  });

  it('leaves what the user may not write to the check of the rights', async () => {
    expect(await crds('--pre', '--kube-as-user', 'nobody')).toMatchObject({
      status: 'passed',
      findings: [{ severity: 'info', seen: expect.stringContaining('5 CRDs could not be tried') as string }],
    });
  });
});

describe('the check of the CRDs of a release', () => {
  beforeAll(async () => {
    await mustRun(['install'], { env: cluster.env });
  });

  it('is silent where they are those of the bundle', async () => {
    expect(await crds()).toMatchObject({ status: 'passed', findings: [] });
  });

  it('mentions another manager of the same', async () => {
    await put(() => undefined, 'argocd-controller');
    expect(await crds()).toMatchObject({
      status: 'passed',
      findings: [{ severity: 'info', seen: 'argocd-controller manages it as well' }],
    });
  });

  it('warns of older ones, and names the command that upgrades them', async () => {
    await put(less, 'argocd-controller');
    expect(await crds()).toMatchObject({
      status: 'warning',
      findings: [
        {
          object: { name: NAME },
          seen: expect.stringMatching(
            /^it is older than .*, or changed: \d+ changes? ahead; argocd-controller changed it$/,
          ) as string,
          hint: expect.stringContaining('kthena crds upgrade') as string,
        },
      ],
    });
  });

  it('warns of newer ones', async () => {
    await put(more, 'argocd-controller');
    expect((await crds()).findings).toMatchObject([
      { severity: 'warning', seen: expect.stringMatching(/^it is newer/) as string },
    ]);
  });

  it('tells of one that is missing', async () => {
    await kubectl(['delete', 'crd', NAME]);
    expect(await crds()).toMatchObject({
      status: 'failed',
      findings: [{ object: { name: NAME }, seen: 'it is missing' }],
    });
    await mustRun(['crds', 'upgrade'], { env: cluster.env });
    expect((await crds()).findings).toEqual([]);
  });
});
