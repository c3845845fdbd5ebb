import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { withOwner } from '../../../src/plan/ownership.js';
import { makePlan, type Applied, type DryRun, type Observation } from '../../../src/plan/plan.js';

const owner = { name: 'kthena', namespace: 'kthena-system' };

function object(data: Record<string, string>, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'kthena-system', ...metadata },
    data,
  };
}

const ours = (data: Record<string, string>): KubeObject => withOwner(object(data), owner);
const accepted = (result: KubeObject, parts: Partial<Applied> = {}): DryRun => ({
  outcome: 'accepted',
  object: ours({ key: 'new' }),
  result,
  conflicts: [],
  kept: [],
  ...parts,
});

function plan(
  observation: Partial<Observation>,
  takeOwnership = false,
  forceConflicts = false,
): ReturnType<typeof makePlan> {
  const desired = ours({ key: 'new' });
  return makePlan([{ desired, live: undefined, dryRun: accepted(desired), ...observation }], owner, {
    takeOwnership,
    forceConflicts,
  });
}

describe('makePlan', () => {
  it('creates what does not exist', () => {
    expect(plan({}).changes).toMatchObject([{ action: 'create' }]);
  });

  it('creates what cannot be tried yet, and says what it waits for', () => {
    expect(plan({ dryRun: { outcome: 'not-yet', missing: 'namespace' } }).changes).toMatchObject([
      { action: 'create', waitsFor: 'namespace' },
    ]);
  });

  it('leaves alone what a dry run does not change, whatever the server keeps in its metadata', () => {
    const live = ours({ key: 'same' });
    const dryRun = accepted({
      ...live,
      metadata: { ...live.metadata, resourceVersion: '7', generation: 2, managedFields: [] },
      status: { ready: true },
    });
    const unchanged = plan({ live, dryRun });
    expect(unchanged.changes).toMatchObject([{ action: 'unchanged' }]);
  });

  it('updates what a dry run changes, field by field', () => {
    const found = plan({ live: ours({ key: 'old' }), dryRun: accepted(ours({ key: 'new' })) });
    expect(found.changes).toMatchObject([
      { action: 'update', differences: [{ path: 'data.key', before: 'old', after: 'new' }] },
    ]);
  });

  it('refuses an object that belongs to nobody, and adopts it when asked', () => {
    const live = object({ key: 'theirs' });
    expect(plan({ live }).obstacles).toEqual([
      { kind: 'foreign', message: 'ConfigMap/kthena-system/a: exists and belongs to no release' },
    ]);
    expect(plan({ live }, true).changes).toMatchObject([{ action: 'adopt' }]);
  });

  it('names the release an object belongs to', () => {
    const live = withOwner(object({}), { name: 'other', namespace: 'elsewhere' });
    expect(plan({ live }).obstacles[0]?.message).toContain('belongs to release other in namespace elsewhere');
  });

  it('refuses an object that is being deleted, also when taking over', () => {
    const live = { ...ours({}), metadata: { ...ours({}).metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(plan({ live }, true).obstacles).toMatchObject([{ kind: 'terminating' }]);
  });

  it('passes on why the server refused the dry run', () => {
    const refused = plan({ dryRun: { outcome: 'refused', message: 'forbidden', details: ['needs patch'] } });
    expect(refused.obstacles).toEqual([
      { kind: 'refused', message: 'ConfigMap/kthena-system/a: forbidden\nneeds patch' },
    ]);
  });

  it('names a field of others that would change, with both values, and goes on when forced', () => {
    const conflict = { path: '.data.key', manager: 'kubectl-edit', before: 'old', after: 'new' };
    const observation = {
      live: ours({ key: 'old' }),
      dryRun: accepted(ours({ key: 'new' }), { conflicts: [conflict] }),
    };
    expect(plan(observation).obstacles).toEqual([
      {
        kind: 'conflict',
        message: 'ConfigMap/kthena-system/a: .data.key belongs to kubectl-edit: "old" would become "new"',
      },
    ]);
    const forced = plan(observation, false, true);
    expect(forced.obstacles).toEqual([]);
    expect(forced.changes).toMatchObject([{ action: 'update', conflicts: [conflict] }]);
  });

  it('updates an object of which only the managers change', () => {
    const live = ours({ key: 'same' });
    const byHelm = {
      ...live,
      metadata: { ...live.metadata, managedFields: [{ manager: 'helm', operation: 'Update' as const }] },
    };
    expect(plan({ live: byHelm, dryRun: accepted(live) }).changes).toMatchObject([
      { action: 'update', differences: [], takesOver: ['helm'] },
    ]);
  });

  it('never shows what a Secret holds', () => {
    const secret = (value: string): KubeObject => ({ ...ours({ key: value }), kind: 'Secret' });
    const [change] = plan({ live: secret('b2xk'), dryRun: accepted(secret('bmV3')) }).changes;
    expect(change).toMatchObject({ differences: [{ path: 'data.key', before: '***', after: '***' }] });
  });
});
