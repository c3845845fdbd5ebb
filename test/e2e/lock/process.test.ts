import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { ownMark } from '../../../src/lock/process-mark.js';
import { clientOf, sharedCluster } from '../kube/setup.js';
import { buildHolder, refIn, specOf, startHolder, take } from './setup.js';

const cluster = sharedCluster();
let client: KubeClient;
let holder: Awaited<ReturnType<typeof buildHolder>>;
let namespace: string;

beforeAll(async () => {
  client = await clientOf(cluster);
  holder = await buildHolder();
});
afterAll(async () => {
  client.close();
  await holder.remove();
});
beforeEach(async () => {
  namespace = await cluster.newNamespace('killed');
});

async function kill(child: ChildProcess): Promise<void> {
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
}

describe('another program on this machine', () => {
  it.runIf(ownMark() !== undefined)(
    'keeps its lock while it runs, and loses it at once when it is killed',
    async () => {
      const child = await startHolder(holder.program, cluster.kubeconfig, namespace, 'stay');
      const identity = String(specOf(await client.get(refIn(namespace)))['holderIdentity']);
      expect(identity).toContain(`pid ${child.pid} `);
      await expect(take(client, namespace)).rejects.toMatchObject({
        code: 'conflict',
        message: `release ${namespace}/kthena: another run works on it: upgrade by ${identity}`,
      });
      await kill(child);
      const started = performance.now();
      const { lock, said } = await take(client, namespace, { timing: {} });
      expect(performance.now() - started).toBeLessThan(2_000);
      expect(said).toEqual([
        {
          type: 'warning',
          message: `Lease/${namespace}/kthena.kthena: taken over from a run that was cut off: upgrade by ${identity}; its process has ended on this machine`,
        },
      ]);
      await lock.release();
    },
  );

  it('is not kept running by a lock it holds', async () => {
    const child = await startHolder(holder.program, cluster.kubeconfig, namespace, 'go');
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});
