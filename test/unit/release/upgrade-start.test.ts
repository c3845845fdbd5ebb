import { describe, expect, it } from 'vitest';
import type { KthenaError } from '../../../src/errors.js';
import type { Release } from '../../../src/release/release.js';
import { upgradeStart, type UpgradeStart } from '../../../src/release/upgrade-start.js';
import { byHelm, historyOf } from './samples.js';

function begin(history: Release[]): UpgradeStart {
  return upgradeStart(history as [Release, ...Release[]]);
}

function refusal(history: Release[]): KthenaError {
  try {
    begin(history);
  } catch (error) {
    return error as KthenaError;
  }
  throw new Error('it was not refused');
}

const numbers = ({ base, latest, interrupted }: UpgradeStart): unknown => [base.version, latest.version, interrupted];

describe('an upgrade begins', () => {
  it('with the values of the deployed revision', () => {
    expect(numbers(begin(historyOf('superseded', 'deployed')))).toEqual([2, 2, false]);
  });

  it('with those of the deployed revision also after one that failed', () => {
    expect(numbers(begin(historyOf('deployed', 'failed')))).toEqual([1, 2, false]);
  });

  it('as the end of an upgrade that was interrupted', () => {
    expect(numbers(begin(historyOf('deployed', 'pending-upgrade')))).toEqual([1, 2, true]);
  });

  it('in place of what a Helm that was stopped left pending, and says so', () => {
    const start = begin([...historyOf('deployed'), byHelm(2, 'pending-upgrade')]);
    expect(numbers(start)).toEqual([1, 2, false]);
    expect(start.remark).toMatch(
      /^revision 2 is pending-upgrade since .*Helm.* revision 1 is what was deployed before/,
    );
  });

  it('with the values of a first install that Helm did not end', () => {
    const start = begin([byHelm(1, 'pending-install')]);
    expect(numbers(start)).toEqual([1, 1, false]);
    expect(start.remark).toMatch(/^revision 1 is pending-install since /);
    expect(start.remark).not.toContain('deployed before');
    expect(numbers(begin([byHelm(1, 'failed')]))).toEqual([1, 1, false]);
  });

  it('without a remark where Helm came to an end', () => {
    expect(begin([byHelm(1, 'superseded'), byHelm(2, 'deployed')])).not.toHaveProperty('remark');
    expect(begin([byHelm(1, 'deployed'), byHelm(2, 'failed')])).not.toHaveProperty('remark');
  });
});

describe('an upgrade is refused', () => {
  it('while the release is being uninstalled', () => {
    const { code, message, hint } = refusal(historyOf('uninstalling'));
    expect({ code, message }).toEqual({
      code: 'conflict',
      message: 'release kthena in namespace kthena-system is uninstalling',
    });
    expect(hint).toContain('kthena uninstall kthena -n kthena-system');
  });

  it.each(['pending-install', 'failed'] as const)('before the first install (%s) has ended', (status) => {
    expect(refusal(historyOf(status)).hint).toContain('same kthena install');
  });

  it('in the middle of a rollback, with the command that ends it', () => {
    const history = historyOf('superseded', 'deployed', 'pending-rollback');
    history[2]!.info.rollback_revision = 1;
    expect(refusal(history).hint).toBe('Run kthena rollback kthena 1 -n kthena-system to end it.');
  });
});
