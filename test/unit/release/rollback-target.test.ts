import { describe, expect, it } from 'vitest';
import type { Release, ReleaseStatus } from '../../../src/release/release.js';
import { rollbackTarget } from '../../../src/release/rollback-target.js';
import { historyOf } from './samples.js';

function target(statuses: ReleaseStatus[], revision?: number): number {
  return rollbackTarget(historyOf(...statuses) as [Release, ...Release[]], revision).version;
}

describe('a rollback goes to', () => {
  it('the revision that was deployed before the one that is', () => {
    expect(target(['superseded', 'superseded', 'deployed'])).toBe(2);
  });

  it('the one before what failed or was interrupted', () => {
    expect(target(['superseded', 'deployed', 'failed'])).toBe(2);
    expect(target(['superseded', 'deployed', 'pending-upgrade'])).toBe(2);
    expect(target(['superseded', 'superseded', 'failed', 'failed', 'deployed'])).toBe(2);
  });

  it('the one asked for, whatever became of it', () => {
    expect(target(['superseded', 'failed', 'superseded', 'deployed'], 1)).toBe(1);
    expect(target(['superseded', 'failed', 'superseded', 'deployed'], 2)).toBe(2);
    expect(target(['superseded', 'deployed'], 2)).toBe(2);
  });

  it('where an interrupted one was going, unless another is asked for', () => {
    const history = historyOf('superseded', 'superseded', 'deployed', 'pending-rollback') as [Release, ...Release[]];
    history[3]!.info.rollback_revision = 1;
    expect(rollbackTarget(history, undefined).version).toBe(1);
    expect(rollbackTarget(history, 2).version).toBe(2);
  });

  it('what was deployed, where Helm left a rollback that does not say where it was going', () => {
    expect(target(['superseded', 'deployed', 'pending-rollback'])).toBe(2);
  });
});

describe('a rollback is refused', () => {
  it('to a revision that there is none of, with those that there are', () => {
    expect(() => target(['superseded', 'deployed'], 7)).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: 'release kthena has no revision 7',
        details: ['there are: 1 (superseded), 2 (deployed)'],
      }),
    );
  });

  it('where nothing was deployed before', () => {
    for (const statuses of [['deployed'], ['failed'], ['failed', 'deployed']] as ReleaseStatus[][])
      expect(() => target(statuses)).toThrow('has no earlier revision that was deployed');
  });

  it('while the release is being uninstalled', () => {
    expect(() => target(['superseded', 'uninstalling'], 1)).toThrow(
      expect.objectContaining({ code: 'conflict', hint: expect.stringContaining('kthena uninstall kthena') as string }),
    );
  });
});
