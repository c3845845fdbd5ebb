import { describe, expect, it } from 'vitest';
import { PARTS_ANNOTATION } from '../../../src/release/chart.js';
import type { Release, ReleaseStatus } from '../../../src/release/release.js';
import { planTidying, type TidyPlan } from '../../../src/release/tidy-plan.js';
import { NOW, sampleRelease } from './samples.js';

/** Revisions 1, 2, … in these states. */
const historyOf = (...states: ReleaseStatus[]): Release[] =>
  states.map((status, index) =>
    sampleRelease({ revision: index + 1, status, description: `Description ${index + 1}` }),
  );

const states = ({ changed, removed }: TidyPlan) => ({
  changed: changed.map(({ version, info }) => [version, info.status, info.description]),
  removed,
});

const plan = (history: readonly Release[], historyMax = 0) => states(planTidying(history, historyMax, NOW));

const NOTHING = { changed: [], removed: [] };

describe('the states of older revisions', () => {
  it('are left alone where they are right', () => {
    expect(plan([])).toEqual(NOTHING);
    expect(plan(historyOf('deployed'))).toEqual(NOTHING);
    expect(plan(historyOf('superseded', 'failed', 'uninstalled', 'unknown', 'deployed'))).toEqual(NOTHING);
  });

  it('are superseded where they were deployed, and keep saying what made them', () => {
    expect(plan(historyOf('deployed', 'deployed', 'failed', 'deployed')).changed).toEqual([
      [1, 'superseded', 'Description 1'],
      [2, 'superseded', 'Description 2'],
    ]);
  });

  it('are failed where an operation was interrupted', () => {
    expect(plan(historyOf('pending-install', 'pending-upgrade', 'pending-rollback', 'deployed')).changed).toEqual([
      [1, 'failed', 'Install was interrupted'],
      [2, 'failed', 'Upgrade was interrupted'],
      [3, 'failed', 'Rollback was interrupted'],
    ]);
  });

  it('do not touch the one that is deployed where the newest is not', () => {
    expect(plan(historyOf('deployed', 'deployed', 'pending-upgrade', 'failed')).changed).toEqual([
      [1, 'superseded', 'Description 1'],
      [3, 'failed', 'Upgrade was interrupted'],
    ]);
    expect(plan(historyOf('deployed', 'pending-upgrade')).changed).toEqual([]);
  });

  it('are changed in copies', () => {
    const history = historyOf('deployed', 'deployed');
    planTidying(history, 0, NOW);
    expect(history[0]!.info.status).toBe('deployed');
  });
});

describe('the number of revisions', () => {
  it('has no limit where that is 0', () => {
    expect(plan(historyOf(...Array<ReleaseStatus>(300).fill('superseded'), 'deployed'))).toEqual(NOTHING);
  });

  it('is brought to the limit from the oldest on, without changing those first', () => {
    expect(plan(historyOf('deployed', 'pending-upgrade', 'failed', 'superseded', 'deployed'), 3)).toEqual({
      changed: [],
      removed: [1, 2],
    });
    expect(plan(historyOf('superseded', 'deployed'), 2)).toEqual(NOTHING);
  });

  it('never takes the newest one or the deployed one', () => {
    expect(plan(historyOf('superseded', 'deployed', 'failed', 'failed'), 1).removed).toEqual([1, 3]);
    expect(plan(historyOf('superseded', 'deployed'), 1).removed).toEqual([1]);
    expect(plan(historyOf('deployed', 'failed'), 1)).toEqual(NOTHING);
  });

  it('spares a revision whose parts another one uses', () => {
    const history = historyOf('superseded', 'superseded', 'superseded', 'superseded', 'deployed');
    const mark = JSON.stringify({ revision: 1, parts: 1, sha256: 'x' });
    history[0]!.chart.metadata.annotations![PARTS_ANNOTATION] = mark;
    history[3]!.chart.metadata.annotations![PARTS_ANNOTATION] = mark;
    expect(plan(history, 3).removed).toEqual([2, 3]);
    expect(plan(history, 1).removed).toEqual([1, 2, 3, 4]);
  });
});

it('comes to the same end from wherever it was cut off', () => {
  const history = historyOf('deployed', 'superseded', 'pending-upgrade', 'deployed', 'failed', 'deployed');
  const { changed, removed } = planTidying(history, 4, NOW);
  for (let done = 0; done <= changed.length + removed.length; done++) {
    const gone = removed.slice(0, Math.max(0, done - changed.length));
    const left = history
      .map((release) => changed.slice(0, done).find(({ version }) => version === release.version) ?? release)
      .filter(({ version }) => !gone.includes(version));
    expect(plan(left, 4)).toEqual(states({ changed: changed.slice(done), removed: removed.slice(gone.length) }));
  }
});
