import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { differences } from '../../../src/plan/difference.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { get, objectsOfRelease } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { KillingProxy } from './killing-proxy.js';

const NAMESPACE = 'kthena-system';
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`;
/** The deployment controller counts in it. */
const ROLLOUTS = 'deployment.kubernetes.io/revision';
/** Between these, objects are created, changed and deleted. */
const BEFORE = budgetOf('networking.kthenaRouter');
const AFTER = ['--set', 'networking.kthenaRouter.port=8081', ...budgetOf('workload.controllerManager')];
const UPGRADE = ['upgrade', '--no-wait', '--reset-values'];

function budgetOf(component: string): string[] {
  const path = `${component}.podDisruptionBudget`;
  return ['--set', `${component}.replicas=2,${path}.enabled=true,${path}.minAvailable=1`];
}

let cluster: ControlPlane;
let proxy: KillingProxy;

const must = (...args: string[]): Promise<unknown> => mustRun(args, { env: cluster.env });

interface Revision {
  revision: number;
  status: string;
}

async function history(): Promise<Revision[]> {
  const { stdout } = await mustRun(['history', '-o', 'json'], { env: cluster.env });
  return JSON.parse(stdout) as Revision[];
}

beforeAll(async () => {
  cluster = await startControlPlane();
  proxy = await KillingProxy.start(cluster);
  await must('install', '--no-wait', ...BEFORE);
});
afterAll(async () => {
  await proxy.stop();
  await cluster.stop();
});

async function expectSame(expected: ReadonlyMap<string, KubeObject>): Promise<void> {
  const actual = await objectsOfRelease(cluster, 'kthena', NAMESPACE);
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, object] of expected) {
    const found = differences(object, actual.get(name)!).filter(({ path }) => !path.includes(ROLLOUTS));
    expect(found, name).toEqual([]);
  }
}

/** Kills a command at each of its writes in turn, and runs it again. */
async function killEverywhere(
  command: (revision: number) => string[],
  stored: boolean,
  goBack: () => Promise<unknown>,
): Promise<void> {
  await goBack();
  const writes = await proxy.writesOf(command((await history()).at(-1)!.revision));
  const expected = await objectsOfRelease(cluster, 'kthena', NAMESPACE);
  expect(writes).toBeGreaterThan(6);
  let kills = 0;
  for (let nth = 1; nth <= writes; nth++) {
    await goBack();
    const { revision } = (await history()).at(-1)!;
    const args = command(revision);
    if (await proxy.killAt(args, nth, stored)) kills++;
    const again = await runKthena(args, { env: cluster.env });
    expect(again.code, `killed at write ${nth}: ${again.stderr}`).toBe(0);
    await expectSame(expected);
    const revisions = await history();
    expect(revisions.at(-1), `killed at write ${nth}`).toMatchObject({ revision: revision + 1, status: 'deployed' });
    expect(revisions.slice(0, -1).every(({ status }) => status === 'superseded')).toBe(true);
    expect((await get(cluster, LEASES))!['items']).toEqual([]);
  }
  // After the last write it may have ended before it is killed.
  expect(kills).toBeGreaterThanOrEqual(writes - 1);
}

describe.each([
  ['before a write reaches the API server', false],
  ['between a write and its answer', true],
])('killed %s', (_when, stored) => {
  it('at every write, an upgrade comes to the same end when it is run again', async () => {
    await killEverywhere(
      () => [...UPGRADE, ...AFTER],
      stored,
      () => must(...UPGRADE, ...BEFORE),
    );
  }, 300_000);

  it('at every write, a rollback comes to the same end when it is run again', async () => {
    await must(...UPGRADE, ...BEFORE);
    await killEverywhere(
      (revision) => ['rollback', 'kthena', String(revision - 1), '--no-wait'],
      stored,
      async () => {
        await must(...UPGRADE, ...AFTER);
        await must(...UPGRADE, ...BEFORE);
      },
    );
  }, 300_000);
});

describe('an upgrade that was interrupted', () => {
  it('stands in the way of another one, which says how to go on and how to go back', async () => {
    await must(...UPGRADE, ...BEFORE);
    const { revision } = (await history()).at(-1)!;
    expect(await proxy.killAt([...UPGRADE, ...AFTER], 3, true)).toBe(true);
    const other = await runKthena([...UPGRADE, '--set', 'networking.kthenaRouter.port=9999'], { env: cluster.env });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain(`an upgrade of release kthena to revision ${revision + 1} was interrupted`);
    expect(other.stderr).toContain(`kthena upgrade kthena -n ${NAMESPACE} --continue`);
    expect(other.stderr).toContain(`kthena rollback kthena ${revision} -n ${NAMESPACE}`);
    await must('upgrade', '--continue', '--no-wait');
    expect((await history()).at(-1)).toMatchObject({ revision: revision + 1, status: 'deployed' });
    const service = await get(cluster, `/api/v1/namespaces/${NAMESPACE}/services/kthena-router`);
    expect(service).toMatchObject({ spec: { ports: [{ targetPort: 8081 }] } });
  });

  it('is left by a rollback, and has failed then', async () => {
    await must(...UPGRADE, ...BEFORE);
    const { revision } = (await history()).at(-1)!;
    expect(await proxy.killAt([...UPGRADE, ...AFTER], 4, true)).toBe(true);
    await must('rollback', '--no-wait');
    expect((await history()).slice(-3)).toMatchObject([
      { revision, status: 'superseded' },
      { revision: revision + 1, status: 'failed' },
      { revision: revision + 2, status: 'deployed' },
    ]);
    expect((await runKthena(['diff', '--exit-code'], { env: cluster.env })).code).toBe(0);
  });

  it('cannot be continued where there is none', async () => {
    const { code, stderr } = await runKthena(['upgrade', '--continue'], { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr).toContain('--continue: no upgrade of release kthena was interrupted');
  });
});

describe('two upgrades at once', () => {
  it('end as one of the two, whole, and the other says so', async () => {
    for (const round of [1, 2, 3]) {
      const ports = [9000 + round, 9100 + round];
      const results = await Promise.all(
        ports.map((port) =>
          runKthena(['upgrade', '--no-wait', '--set', `networking.kthenaRouter.port=${port}`], { env: cluster.env }),
        ),
      );
      const winners = results.filter(({ code }) => code === 0);
      expect(winners.length).toBeGreaterThan(0);
      for (const { stderr } of results.filter(({ code }) => code !== 0)) expect(stderr).toMatch(/another run/);
      const differs = await Promise.all(
        ports.map((port) =>
          runKthena(['diff', '--exit-code', '--set', `networking.kthenaRouter.port=${port}`], { env: cluster.env }),
        ),
      );
      expect(differs.map(({ code }) => code).sort()).toEqual([0, 2]);
      expect((await history()).filter(({ status }) => status === 'deployed')).toHaveLength(1);
    }
  }, 120_000);
});
