import { describe, expect, it } from 'vitest';
import { deployedRevision, revisionsInCluster } from '../../../src/release/history.js';
import { historyOf } from './samples.js';

const deployed = (...statuses: Parameters<typeof historyOf>): number | undefined =>
  deployedRevision(historyOf(...statuses))?.version;
const inCluster = (...statuses: Parameters<typeof historyOf>): number[] =>
  revisionsInCluster(historyOf(...statuses)).map(({ version }) => version);

describe('the deployed revision', () => {
  it('is the newest deployed one, whatever failed since', () => {
    expect(deployed('superseded', 'deployed')).toBe(2);
    expect(deployed('superseded', 'deployed', 'failed', 'pending-upgrade')).toBe(2);
    expect(deployed('deployed', 'deployed', 'failed')).toBe(2);
  });

  it('is the newest that once was, where an interrupted run left none', () => {
    expect(deployed('superseded', 'superseded', 'pending-upgrade')).toBe(2);
  });

  it('is none before the first install has ended, nor of what was uninstalled', () => {
    expect(deployed()).toBeUndefined();
    expect(deployed('failed')).toBeUndefined();
    expect(deployed('pending-install')).toBeUndefined();
    expect(deployed('superseded', 'uninstalled')).toBeUndefined();
    expect(deployed('deployed', 'uninstalled', 'failed')).toBeUndefined();
    expect(deployed('superseded', 'uninstalled', 'deployed')).toBe(3);
  });
});

describe('the revisions of which objects may be in the cluster', () => {
  it('are the deployed one and every attempt since', () => {
    expect(inCluster('superseded', 'deployed')).toEqual([2]);
    expect(inCluster('superseded', 'deployed', 'failed', 'pending-rollback')).toEqual([2, 3, 4]);
    expect(inCluster('superseded', 'superseded', 'pending-upgrade')).toEqual([2, 3]);
  });

  it('are all attempts where none was deployed, but none from before an uninstall', () => {
    expect(inCluster('failed', 'failed')).toEqual([1, 2]);
    expect(inCluster('superseded', 'uninstalled', 'failed', 'pending-install')).toEqual([3, 4]);
    expect(inCluster('superseded', 'uninstalled')).toEqual([]);
    expect(inCluster()).toEqual([]);
  });
});
