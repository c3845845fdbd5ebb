import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { install } from '../../../src/actions/install.js';
import { prepare } from '../../../src/actions/prepare.js';
import { upgrade } from '../../../src/actions/upgrade.js';
import { planUpgrade } from '../../../src/actions/upgrade-plan.js';
import { loadBuiltInBundle } from '../../../src/bundle/built-in.js';
import { createClient } from '../../../src/kube/http-client.js';
import { loadConnection } from '../../../src/kube/kubeconfig.js';
import type { KubeClient } from '../../../src/kube/client.js';
import { ReleaseStore } from '../../../src/release/store.js';
import { sampleRelease } from '../release/fixtures.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { clearReleases } from '../install/cluster-state.js';
import { mustRun } from '../install/program.js';
import { revisionsIn } from './records.js';

let cluster: ControlPlane;
let namespace: string;

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = await cluster.newNamespace('overtaken');
});

describe('a revision that somebody else begins first', () => {
  const flags = {
    files: [],
    setJson: [],
    set: ['networking.kthenaRouter.replicas=2'],
    setString: [],
    setFile: [],
    setLiteral: [],
  };
  const values = { values: flags, skipSchemaValidation: false, readStdin: () => Promise.resolve('') };
  const options = {
    dryRun: false,
    takeOwnership: false,
    forceConflicts: false,
    wait: true,
    timeoutMs: 20_000,
    historyMax: 10,
    rollbackOnFailure: true,
    skipCrds: false,
    skipChecks: [],
  };

  /** A client whose first revision comes a moment too late. */
  async function lateClient(revision: number): Promise<KubeClient> {
    let isFirst = true;
    const client = createClient(await loadConnection({ kubeconfig: cluster.kubeconfig }), { userAgent: 'kthena/test' });
    const original = client.create.bind(client);
    client.create = async (object, how) => {
      const isRecord = isFirst && object['type'] === 'helm.sh/release.v1' && how.dryRun !== true;
      const theirs = sampleRelease(namespace, { revision, status: 'pending-install' });
      if (isRecord) isFirst = false;
      if (isRecord) await new ReleaseStore({ ...client, create: original } as KubeClient, namespace).create(theirs);
      return original(object, how);
    };
    return client;
  }

  it('is theirs: a failed upgrade does not undo it', async () => {
    await mustRun(['install', '-n', namespace, '--no-wait'], { env: cluster.env });
    const [bundle, client] = [await loadBuiltInBundle(), await lateClient(2)];
    const context = { client, signal: new AbortController().signal, emit: () => undefined, now: () => new Date() };
    const release = { name: 'kthena', namespace };
    const request = {
      release,
      values,
      mode: 'reset' as const,
      goOn: false,
      orInstall: false,
      ...options,
    };
    const planned = await planUpgrade(bundle, request, context);
    const silent = { showPlan: () => undefined, confirm: () => Promise.resolve() };
    await expect(upgrade(bundle, planned!, { release, ...options, ...silent }, context)).rejects.toThrow(
      'somebody else has just begun revision 2',
    );
    expect((await revisionsIn(cluster, namespace)).slice(1)).toEqual(['2 pending-install']);
    client.close();
  });

  it('is theirs: a failed install does not remove it', async () => {
    const [bundle, client] = [await loadBuiltInBundle(), await lateClient(1)];
    const context = { client, signal: new AbortController().signal, emit: () => undefined, now: () => new Date() };
    const release = { name: 'kthena', namespace };
    const prepared = await prepare(bundle, { release, ...values });
    const confirmAdoption = (): Promise<void> => Promise.resolve();
    const request = { release, createNamespace: true, confirmAdoption, ...options };
    await expect(install(bundle, prepared, request, context)).rejects.toThrow(
      'somebody else has just begun revision 1',
    );
    expect(await revisionsIn(cluster, namespace)).toEqual(['1 pending-install']);
    client.close();
  });
});
