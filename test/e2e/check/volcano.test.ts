import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { volcano } from '../../../src/preflight/volcano.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { provideCrd } from './crds.js';
import { clientFor, resultOf, subjectIn } from './setup.js';

let cluster: ControlPlane;
beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

async function findings(...set: string[]) {
  const client = await clientFor(cluster);
  return (await resultOf(volcano, await subjectIn(client, 'default', { set }), client)).findings;
}

describe('volcano', () => {
  it('informs that gang scheduling is off without its PodGroups', async () => {
    expect(await findings()).toMatchObject([
      { severity: 'info', seen: expect.stringContaining('CRD podgroups.scheduling.volcano.sh is not in the cluster') },
    ]);
  });

  it('is silent where no controller would make PodGroups', async () => {
    expect(await findings('workload.enabled=false')).toEqual([]);
  });

  it('is silent where the PodGroups are there', async () => {
    await provideCrd(cluster, {
      group: 'scheduling.volcano.sh',
      kind: 'PodGroup',
      plural: 'podgroups',
      version: 'v1beta1',
    });
    expect(await findings()).toEqual([]);
  });
});
