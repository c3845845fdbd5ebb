import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { acquireLock } from '../../../src/lock/lock.js';
import { ownMark } from '../../../src/lock/process-mark.js';
import { clientOf, sharedCluster } from '../kube/setup.js';
import { foreignLease, microTime, pathIn, refIn, specOf, take } from './setup.js';

const cluster = sharedCluster();
const FIELD_MANAGER = { fieldManager: 'other' };
const HOUR = 3_600_000;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  client = await clientOf(cluster);
});
afterAll(() => client.close());
beforeEach(async () => {
  namespace = await cluster.newNamespace('lock');
});

const ago = (ms: number): string => microTime(new Date(Date.now() - ms));
const leave = (spec: Record<string, unknown>, annotations = {}) =>
  client.create(foreignLease(namespace, spec, annotations), FIELD_MANAGER);

describe('a lock', () => {
  it('is a Lease that says who works on the release, which is gone when it is released', async () => {
    const { lock, said } = await take(client, namespace, { timing: {} });
    const lease = (await client.get(refIn(namespace)))!;
    expect(lease.metadata).toMatchObject({
      labels: { 'app.kubernetes.io/managed-by': 'kthena' },
      annotations: { 'kthena.io/operation': 'upgrade' },
    });
    expect(specOf(lease)).toEqual({
      holderIdentity: expect.stringMatching(new RegExp(`^\\S.*@\\S+ pid ${process.pid} \\([0-9a-f]{8}\\)$`)) as string,
      leaseDurationSeconds: 30,
      acquireTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
      renewTime: specOf(lease)['acquireTime'],
      leaseTransitions: 0,
    });
    await lock.release();
    await lock.release();
    expect(await client.get(refIn(namespace))).toBeUndefined();
    expect(lock.signal.aborted).toBe(false);
    expect(said).toEqual([]);
  });

  it('is taken by one of several that begin at the same moment', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => take(client, namespace)));
    const passed = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(passed).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'conflict' });
    }
    await passed[0]!.value.lock.release();
  });

  it('is taken over by one of several too', async () => {
    await leave({ renewTime: ago(HOUR) });
    const attempts = await Promise.allSettled(Array.from({ length: 4 }, () => take(client, namespace)));
    const passed = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(passed).toHaveLength(1);
    expect(specOf(await client.get(refIn(namespace)))['leaseTransitions']).toBe(1);
    await passed[0]!.value.lock.release();
  });

  it('that another run holds is refused, naming that run', async () => {
    const now = new Date('2025-03-04T05:06:27.500Z');
    await leave({ acquireTime: '2025-03-04T04:06:07.000000Z', renewTime: '2025-03-04T05:06:17.000000Z' });
    await expect(take(client, namespace, { now: () => now })).rejects.toMatchObject({
      code: 'conflict',
      message: `release ${namespace}/kthena: another run works on it: rollback by bob@ci pid 7 (0)`,
      details: [
        `Lease/${namespace}/kthena.kthena: held since 2025-03-04T04:06:07Z (60 min ago), ` +
          'last sign of life 2025-03-04T05:06:17Z (11 s ago), expires without another one at 2025-03-04T05:06:47Z (in 20 s)',
      ],
      hint: expect.stringContaining('then run this command again') as string,
    });
    expect(specOf(await client.get(refIn(namespace)))['holderIdentity']).toBe('bob@ci pid 7 (0)');
  });

  it('of another release in the same namespace does not stand in the way', async () => {
    const one = await take(client, namespace);
    const request = { release: { name: 'a.b-c.9', namespace }, operation: 'install' };
    const other = await acquireLock(client, request, { now: () => new Date(), emit: () => undefined });
    await Promise.all([one.lock.release(), other.release()]);
  });

  it('shows nothing of a hostile Lease that moves the cursor', async () => {
    const annotations = { 'kthena.io/operation': 'up\u001b[2Jgrade' };
    await leave({ holderIdentity: 'eve\r\u202e@x', renewTime: ago(0) }, annotations);
    await expect(take(client, namespace)).rejects.toMatchObject({
      message: `release ${namespace}/kthena: another run works on it: up?[2Jgrade by eve??@x`,
    });
  });
});

describe('a Lease whose holder is gone', () => {
  it('is taken over once it has expired, with a warning', async () => {
    const mark = 'kthena.io/process';
    const renewTime = new Date(Date.now() - HOUR);
    const left = foreignLease(
      namespace,
      { renewTime: microTime(renewTime), leaseTransitions: 4 },
      { [mark]: 'x', mine: 'stays' },
    );
    left.metadata.labels = { team: 'a' };
    await client.create(left, FIELD_MANAGER);
    const { lock, said } = await take(client, namespace);
    const seconds = renewTime.toISOString().replace(/\.\d+/, '');
    expect(said).toEqual([
      {
        type: 'step',
        message: `Waiting 0.6 s for a sign of life of bob@ci pid 7 (0), whose lock of release ${namespace}/kthena seems to have expired`,
      },
      {
        type: 'warning',
        message: `Lease/${namespace}/kthena.kthena: taken over from a run that was cut off: rollback by bob@ci pid 7 (0); last sign of life ${seconds} (60 min ago)`,
      },
    ]);
    const lease = (await client.get(refIn(namespace)))!;
    expect(specOf(lease)).toMatchObject({ leaseTransitions: 5, leaseDurationSeconds: 3 });
    expect(lease.metadata).toMatchObject({
      labels: { team: 'a' },
      annotations: { mine: 'stays', 'kthena.io/operation': 'upgrade' },
    });
    expect(lease.metadata.annotations![mark]).not.toBe('x');
    await lock.release();
  });

  it.each([
    ['far in the future', () => ({ renewTime: ago(-HOUR) })],
    ['missing', () => ({})],
  ])('is taken over where its time of renewal is %s', async (_, spec) => {
    await leave(spec());
    const { lock, said } = await take(client, namespace);
    expect(said.map(({ type }) => type)).toEqual(['step', 'warning']);
    await lock.release();
  });

  it('is left alone where only the clock of its holder is wrong', async () => {
    const slow = await take(client, namespace, { now: () => new Date(Date.now() - HOUR) });
    await expect(take(client, namespace)).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('look at their clocks') as string,
    });
    expect(slow.lock.signal.aborted).toBe(false);
    await slow.lock.release();
  });

  it('is left alone where its holder wakes up again', async () => {
    await leave({ renewTime: ago(HOUR), acquireTime: ago(HOUR) });
    const attempt = take(client, namespace);
    await sleep(200);
    await cluster.request('PATCH', pathIn(namespace), { spec: { renewTime: ago(0) } });
    await expect(attempt).rejects.toMatchObject({
      code: 'conflict',
      details: [expect.stringMatching(/last sign of life .* \([01] s ago\)/)],
    });
  });

  it('is taken without a word where it says itself that nobody holds it', async () => {
    await leave({ holderIdentity: '', renewTime: ago(0) });
    const { lock, said } = await take(client, namespace);
    expect(said).toEqual([]);
    await lock.release();
  });

  it('is not waited for after Ctrl-C', async () => {
    await leave({ renewTime: ago(HOUR) });
    const signal = AbortSignal.timeout(100);
    const started = performance.now();
    await expect(take(client, namespace, { signal, timing: {} })).rejects.toMatchObject({ code: 'interrupted' });
    expect(performance.now() - started).toBeLessThan(5_000);
    const { body } = await cluster.request('GET', pathIn(namespace));
    expect(specOf(body as never)['holderIdentity']).toBe('bob@ci pid 7 (0)');
  });

  it.runIf(ownMark() !== undefined)('is not held to be dead by its pid on another machine', async () => {
    const { start } = ownMark()!;
    await leave({ renewTime: ago(0) }, { 'kthena.io/process': `${'0'.repeat(32)} 4194304 ${start}` });
    await expect(take(client, namespace)).rejects.toMatchObject({ code: 'conflict' });
  });
});
