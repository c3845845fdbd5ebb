import { expect, it } from 'vitest';
import { presentClientDryRun } from '../../../src/report/install.js';

it('a dry run that asks no cluster shows nothing of a Secret but its keys, however it is written', () => {
  const metadata = { name: 'a', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hidden' } };
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: { one: 'hidden' },
    stringData: { two: 'hidden' },
  };
  const release = { name: 'kthena', namespace: 'models' };
  const text = presentClientDryRun('kthena', release, [{ source: 'a.yaml', object }], 'text');
  expect(text).not.toContain('hidden');
  expect(text).toMatch(/one: '\*\*\*'/);
  expect(text).toMatch(/two: '\*\*\*'/);
});
