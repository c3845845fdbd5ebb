import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatRef, type KubeObject, type ObjectRef } from '../../../src/kube/object.js';
import { differences, type Difference } from '../../../src/plan/difference.js';
import type { Values } from '../../../src/values/value.js';
import { startAuditedControlPlane, type AuditedCluster } from '../install/audit.js';
import { clearReleases, objectsIn, settledVersionsIn, versionsIn } from '../install/cluster-state.js';
import { mustRun } from '../install/program.js';
import { CERT_MANAGER_PATHS, installCertManagerKinds } from './cert-manager.js';
import { randomValues, seeded } from './random-values.js';

/** What `diff -o json` says, as far as it is compared. */
interface PlanDocument {
  crds: { name: string; action: string }[];
  changes: (ObjectRef & { action: string; differences?: Difference[] })[];
  obstacles: { kind: string; message: string }[];
}

/** What became of the objects of a cluster, by `Kind/namespace/name`. */
interface Outcome {
  created: string[];
  deleted: string[];
  updated: Record<string, Difference[]>;
}

/** In certificate mode `manual` nobody has made them here. */
const WITHOUT_SECRETS = ['--skip-checks=certificates'];

let cluster: AuditedCluster;
let caBundle: string;
let namespace: string;
let count = 0;

/** Runs a command with exactly these values. */
const run = async (command: string, values: Values, ...flags: string[]): Promise<string> => {
  const args = [command, '-n', namespace, '-f', '-', ...flags];
  return (await mustRun(args, { env: cluster.env, input: JSON.stringify(values) })).stdout;
};
const upgrade = (values: Values, ...flags: string[]): Promise<string> =>
  run('upgrade', values, '--reset-values', '--no-wait', ...WITHOUT_SECRETS, ...flags);

beforeAll(async () => {
  cluster = await startAuditedControlPlane();
  caBundle = (await readFile(cluster.caFile)).toString('base64');
  await installCertManagerKinds(cluster);
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  await clearReleases(cluster);
  namespace = `planned-${++count}`;
});

describe('what diff says is what an upgrade does', () => {
  it.each([1, 2, 3, 4, 5])(
    'from random values to others, again and again (seed %i)',
    async (seed) => {
      const random = seeded(seed);
      await run('install', randomValues(random, caBundle), '--no-wait', ...WITHOUT_SECRETS);
      for (let step = 1; step <= 5; step++) {
        const values = randomValues(random, caBundle);
        await checkStep(values, `seed ${seed}, step ${step}: ${JSON.stringify(values)}`);
      }
    },
    120_000,
  );
});

async function checkStep(values: Values, what: string): Promise<void> {
  await settledVersionsIn(cluster);
  await cluster.writes();
  const before = await snapshot();
  const plan = await planOf(values);
  expect(await cluster.writes(), what).toEqual([]);
  expect(plan.obstacles, what).toEqual([]);

  await upgrade(values);
  expect((await writtenObjects()).length, what).toBe(plannedCount(plan));
  await settledVersionsIn(cluster);
  expect(outcomeOf(before, await snapshot()), what).toEqual(plannedOutcome(plan));
  // Without a wait, former CAs are still trusted; nothing else is left to change.
  expect(
    Object.values(plannedOutcome(await planOf(values)).updated)
      .flat()
      .filter(({ path }) => !isTrust(path)),
  ).toEqual([]);
}

function isTrust(path: string): boolean {
  return path.endsWith('.clientConfig.caBundle');
}

/** The objects of the cluster but for the records of releases. */
async function snapshot(): Promise<Map<string, KubeObject>> {
  const objects = await objectsIn(cluster, CERT_MANAGER_PATHS);
  return new Map([...objects].filter(([, object]) => object['type'] !== 'helm.sh/release.v1'));
}

async function planOf(values: Values): Promise<PlanDocument> {
  const flags = ['diff', '-n', namespace, '-f', '-', '--reset-values', '-o', 'json'];
  const { stdout } = await mustRun(flags, { env: cluster.env, input: JSON.stringify(values) });
  return JSON.parse(stdout) as PlanDocument;
}

/**
 * What was written to, each object once: a CA or a restart is a write of its own. Secrets are left out, since the records of releases
 * are among them.
 */
async function writtenObjects(): Promise<string[]> {
  const isLeftOut = (path: string): boolean => /\/secrets(\/|$)|\/coordination\.k8s\.io\//.test(path);
  const paths = (await cluster.writes()).map((write) => write.split(' ')[1]!);
  return [...new Set(paths.filter((path) => !isLeftOut(path)))];
}

function plannedCount({ changes, crds }: PlanDocument): number {
  const objects = changes.filter(({ kind }) => kind !== 'Secret');
  return [...objects, ...crds].filter(({ action }) => action !== 'unchanged').length;
}

function plannedOutcome({ changes, crds }: PlanDocument): Outcome {
  const named = (action: string): string[] =>
    changes.filter((change) => change.action === action).map((change) => formatRef(change));
  const updates = changes.filter(({ action }) => action === 'update');
  const newCrds = crds.filter(({ action }) => action === 'create');
  return {
    created: [...named('create'), ...newCrds.map(({ name }) => `CustomResourceDefinition/${name}`)].sort(),
    deleted: named('delete').sort(),
    updated: Object.fromEntries(updates.map((change) => [formatRef(change), byPath(change.differences ?? [])])),
  };
}

function outcomeOf(before: ReadonlyMap<string, KubeObject>, after: ReadonlyMap<string, KubeObject>): Outcome {
  const common = [...before].flatMap(([name, object]) => {
    const now = after.get(name);
    return now === undefined ? [] : [{ name, object, now }];
  });
  expect(common.filter(({ object, now }) => object.metadata.uid !== now.metadata.uid)).toEqual([]);
  const updated = common.map(({ name, object, now }) => [name, byPath(differences(object, now))] as const);
  return {
    created: [...after.keys()].filter((name) => !before.has(name)).sort(),
    deleted: [...before.keys()].filter((name) => !after.has(name)).sort(),
    updated: Object.fromEntries(updated.filter(([, found]) => found.length > 0)),
  };
}

/** As JSON has them, without what the Deployment's controller counts. */
function byPath(found: readonly Difference[]): Difference[] {
  const isCount = ({ path }: Difference): boolean => path.endsWith('["deployment.kubernetes.io/revision"]');
  // Certificates are issued when the plan is carried out.
  const isIssued = ({ path }: Difference): boolean => isTrust(path) || path.includes('kthena.io/webhook-certificate');
  const kept = found
    .filter((difference) => !isCount(difference))
    .map((difference) => (isIssued(difference) ? { path: difference.path } : difference));
  return (JSON.parse(JSON.stringify(kept)) as Difference[]).sort((a, b) => (a.path < b.path ? -1 : 1));
}

describe('an upgrade without a change', () => {
  it.each([
    ['the defaults', {}],
    [
      'other values',
      { global: { imageRegistry: 'registry.example.com' }, workload: { controllerManager: { replicas: 2 } } },
    ],
  ])('writes nothing at all with %s, and makes no revision', async (_what, values) => {
    await run('install', values, '--no-wait');
    const before = await settledVersionsIn(cluster);
    await cluster.writes();
    const { stdout } = await mustRun(['upgrade', '-n', namespace], { env: cluster.env });
    expect(stdout).toBe('Release kthena is as it should be: nothing changes (revision 1).\n');
    expect(JSON.parse(await upgrade(values, '-o', 'json'))).toMatchObject({ outcome: 'unchanged', revision: 1 });
    expect(await cluster.writes()).toEqual([]);
    expect(await versionsIn(cluster)).toEqual(before);
  });
});

describe('diff', () => {
  it('of an install that is yet to come names all objects, the namespace and the CRDs, and writes nothing', async () => {
    await cluster.writes();
    const plan = await planOf({ workload: { enabled: false } });
    expect(plan).toMatchObject({ release: { name: 'kthena', namespace, revision: null, status: null } });
    expect(plan.changes[0]).toMatchObject({ action: 'create', kind: 'Namespace', name: namespace });
    expect(await cluster.writes()).toEqual([]);
  });
});
