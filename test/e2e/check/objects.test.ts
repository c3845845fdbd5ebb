import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun, runKthena } from '../install/program.js';
import { checkResult } from './program.js';

let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

async function kubectl(...args: string[]): Promise<void> {
  const { stderr, code } = await cluster.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}

const objects = (...args: string[]) => checkResult(cluster, 'objects', ...args);

describe('the check of the objects before an install', () => {
  it('is silent in an empty cluster', async () => {
    expect(await objects('--pre')).toMatchObject({ status: 'passed', findings: [] });
  });

  it('names objects of others in the way, until they may be taken', async () => {
    await kubectl('create', 'clusterrole', 'kthena-router', '--verb=get', '--resource=pods');
    expect(await objects('--pre')).toMatchObject({
      status: 'failed',
      findings: [
        {
          severity: 'error',
          object: { kind: 'ClusterRole', name: 'kthena-router' },
          seen: 'ClusterRole/kthena-router: exists and belongs to no release',
          hint: expect.stringContaining('--take-ownership') as string,
        },
      ],
    });
    expect(await objects('--pre', '--take-ownership')).toMatchObject({ status: 'passed' });
    await kubectl('delete', 'clusterrole', 'kthena-router');
  });

  it('says in an install what stands in the way once', async () => {
    await kubectl('create', 'clusterrole', 'kthena-router', '--verb=get', '--resource=pods');
    const { stderr, code } = await runKthena(['install'], { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr.match(/exists and belongs to no release/g)).toHaveLength(1);
    await kubectl('delete', 'clusterrole', 'kthena-router');
  });

  it('names what is being deleted', async () => {
    await kubectl('create', 'namespace', 'going');
    await kubectl('create', 'configmap', 'kthena-router-config', '-n', 'going');
    const hold = JSON.stringify({ metadata: { finalizers: ['kthena.test/hold'] } });
    await kubectl('patch', 'configmap', 'kthena-router-config', '-n', 'going', '--type=merge', '-p', hold);
    await kubectl('delete', 'configmap', 'kthena-router-config', '-n', 'going', '--wait=false');
    expect((await objects('--pre', '-n', 'going')).findings).toMatchObject([
      { severity: 'error', seen: 'ConfigMap/going/kthena-router-config: is being deleted' },
    ]);
    const release = JSON.stringify({ metadata: { finalizers: null } });
    await kubectl('patch', 'configmap', 'kthena-router-config', '-n', 'going', '--type=merge', '-p', release);
  });

  it('leaves what the user may not write to the check of the rights', async () => {
    expect(await objects('--pre', '--kube-as-user', 'nobody')).toMatchObject({
      status: 'passed',
      findings: [{ severity: 'info', seen: expect.stringMatching(/^\d+ objects could not be tried/) as string }],
    });
  });
});

describe('the check of the objects of a release', () => {
  beforeAll(async () => {
    await mustRun(['install'], { env: cluster.env });
  });

  it('is silent where all are there, also for an upgrade', async () => {
    expect(await objects()).toMatchObject({ status: 'passed', findings: [] });
    expect(await objects('--pre', '--set', 'networking.kthenaRouter.replicas=2')).toMatchObject({ status: 'passed' });
  });

  it('finds a second install beside it, and names the first', async () => {
    expect(await objects('--pre', 'second', '-n', 'elsewhere')).toMatchObject({
      status: 'failed',
      findings: [
        {
          severity: 'error',
          seen: expect.stringContaining('release kthena in namespace kthena-system (deployed)') as string,
          hint: expect.stringContaining('kthena uninstall') as string,
        },
      ],
    });
  });

  it('names those that are missing, and the command that brings them back', async () => {
    await kubectl('delete', 'configmap', 'kthena-router-config', '-n', 'kthena-system');
    const { status, findings } = await objects();
    expect({ status, findings }).toMatchObject({
      status: 'failed',
      findings: [{ object: { kind: 'ConfigMap', name: 'kthena-router-config' }, seen: 'it is missing' }],
    });
    await mustRun(['upgrade', '--yes'], { env: cluster.env });
    expect((await objects()).findings).toEqual([]);
  });

  it('names those that are of nobody, of another release or being deleted', async () => {
    const annotate = ['annotate', '--overwrite'];
    await kubectl(...annotate, 'clusterrole', 'kthena-router', 'meta.helm.sh/release-name-');
    await kubectl(...annotate, 'clusterrole', 'kthena-controller-manager', 'meta.helm.sh/release-name=other');
    const hold = JSON.stringify({ metadata: { finalizers: ['kthena.test/hold'] } });
    const config = ['configmap', 'kthena-router-config', '-n', 'kthena-system'];
    await kubectl('patch', ...config, '--type=merge', '-p', hold);
    await kubectl('delete', ...config, '--wait=false');
    const { findings } = await objects();
    expect(findings.map(({ severity, object, seen }) => `${severity} ${object!.name} ${seen}`).sort()).toEqual([
      'error kthena-controller-manager it belongs to release other in namespace kthena-system',
      'error kthena-router-config it is being deleted',
      'warning kthena-router it exists and belongs to no release',
    ]);
  });
});
