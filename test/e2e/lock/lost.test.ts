import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubeClient } from '../../../src/kube/client.js';
import { createClient } from '../../../src/kube/http-client.js';
import { FaultProxy } from '../kube/fault-proxy.js';
import { clientOf, sharedCluster } from '../kube/setup.js';
import { abortOf, foreignLease, microTime, pathIn, refIn, specOf, take } from './setup.js';

const cluster = sharedCluster();
const HOUR = 3_600_000;
/** By the monotonic clock, no renewal is due within a test. */
const PATIENT = { tickMs: 25, attemptMs: 1_000 };
const isAhead = (time: unknown): boolean => Date.parse(String(time)) > Date.now() + HOUR / 2;
let proxy: FaultProxy;
/** Of the run whose lock is in danger. */
let client: KubeClient;
/** Of everybody else. */
let admin: KubeClient;
let namespace: string;

beforeAll(async () => {
  proxy = await FaultProxy.start(cluster);
  client = createClient(proxy.connection, { userAgent: 'kthena/test' });
  admin = await clientOf(cluster);
});
beforeEach(async () => {
  namespace = await cluster.newNamespace('lost');
});
afterEach(() => {
  vi.useRealTimers();
  proxy.rule = () => undefined;
});
afterAll(async () => {
  client.close();
  admin.close();
  await proxy.stop();
});

const patch = (body: unknown): Promise<unknown> => cluster.request('PATCH', pathIn(namespace), body);
const lease = () => admin.get(refIn(namespace));
const stealFor = (holder: string): Promise<unknown> =>
  patch({ spec: { holderIdentity: holder, renewTime: microTime(new Date()) } });

describe('a lock that is held', () => {
  it('is renewed again and again', async () => {
    const { lock } = await take(client, namespace);
    const before = specOf(await lease());
    await sleep(2_500);
    const after = specOf(await lease());
    expect(Date.parse(String(after['renewTime']))).toBeGreaterThan(Date.parse(String(before['renewTime'])) + 1_500);
    expect(after).toMatchObject({ acquireTime: before['acquireTime'], leaseTransitions: 0 });
    expect(lock.signal.aborted).toBe(false);
    await lock.release();
    expect(await lease()).toBeUndefined();
  });

  it('is renewed every ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { lock } = await take(client, namespace, { timing: {} });
    const version = async () => (await lease())?.metadata.resourceVersion;
    const first = await version();
    vi.advanceTimersByTime(9_000);
    await sleep(200);
    expect(await version()).toBe(first);
    vi.advanceTimersByTime(2_000);
    await expect.poll(version, { timeout: 5_000 }).not.toBe(first);
    vi.useRealTimers();
    await lock.release();
  });

  it('outlives the annotations of others, answers that are lost, and a server that is away for a while', async () => {
    const { lock } = await take(client, namespace);
    await patch({ metadata: { annotations: { seen: 'yes' } } });
    await sleep(300);
    let lost = 0;
    proxy.rule = ({ method }) => (method === 'PUT' && lost++ === 0 ? { type: 'reset', afterwards: true } : undefined);
    await sleep(500);
    await proxy.down(700);
    await sleep(1_000);
    expect(lost).toBeGreaterThan(0);
    expect(lock.signal.aborted).toBe(false);
    expect((await lease())?.metadata.annotations).toMatchObject({ seen: 'yes' });
    await lock.release();
    expect(await lease()).toBeUndefined();
  });

  it('is still held after a machine was suspended, where nobody took it meanwhile', async () => {
    let suspended = 0;
    const { lock } = await take(client, namespace, { now: () => new Date(Date.now() + suspended), timing: PATIENT });
    suspended = HOUR;
    // The connection did not survive it.
    let puts = 0;
    proxy.rule = ({ method }) => (method === 'PUT' && puts++ === 0 ? { type: 'silence' } : undefined);
    await expect.poll(async () => specOf(await lease())['renewTime'], { timeout: 10_000 }).toSatisfy(isAhead);
    expect(lock.signal.aborted).toBe(false);
    await lock.release();
  });
});

describe('a lock is lost', () => {
  it('when another run takes it over, whose Lease then stays', async () => {
    const { lock, said } = await take(client, namespace);
    await stealFor('eve@ci pid 3 (1)');
    expect(await abortOf(lock)).toMatchObject({
      code: 'conflict',
      message: `release ${namespace}/kthena: another run has taken its lock over: upgrade by eve@ci pid 3 (1)`,
    });
    await lock.release();
    expect(specOf(await lease())['holderIdentity']).toBe('eve@ci pid 3 (1)');
    expect(said).toEqual([]);
  });

  it('when a machine was suspended and another run took it meanwhile, as soon as it wakes up', async () => {
    let suspended = 0;
    const { lock } = await take(client, namespace, { now: () => new Date(Date.now() + suspended), timing: PATIENT });
    await stealFor('eve@ci pid 3 (1)');
    await sleep(200);
    expect(lock.signal.aborted).toBe(false);
    suspended = HOUR;
    const started = performance.now();
    expect(await abortOf(lock)).toMatchObject({ code: 'conflict' });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('when somebody deletes it, also where another run has made it anew', async () => {
    const { lock } = await take(client, namespace);
    await admin.delete(refIn(namespace));
    expect(await abortOf(lock)).toMatchObject({
      code: 'conflict',
      message: `release ${namespace}/kthena: somebody deleted the lock of this run, Lease/${namespace}/kthena.kthena`,
    });
    expect(await lease(), 'a renewal does not bring it back').toBeUndefined();
    await admin.create(foreignLease(namespace, { renewTime: microTime(new Date()) }), { fieldManager: 'other' });
    await lock.release();
    expect(specOf(await lease())['holderIdentity']).toBe('bob@ci pid 7 (0)');
  });

  it('when the server does not answer until it has expired', async () => {
    const { lock, said } = await take(client, namespace);
    const started = performance.now();
    proxy.rule = () => ({ type: 'silence' });
    expect(await abortOf(lock)).toMatchObject({
      code: 'unreachable',
      message: `release ${namespace}/kthena: its lock could not be renewed for 3 s`,
    });
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan(2.5);
    expect(seconds).toBeLessThan(5);
    await lock.release();
    expect(said).toEqual([]);
  });

  it('when the right to renew it is withdrawn, and says so', async () => {
    const { lock } = await take(client, namespace);
    const message = 'leases.coordination.k8s.io "kthena.kthena" is forbidden: not any more';
    proxy.rule = ({ method }) =>
      method === 'PUT'
        ? { type: 'answer', status: 403, body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message } }
        : undefined;
    expect(await abortOf(lock)).toMatchObject({
      code: 'forbidden',
      details: [expect.stringContaining('not any more')],
    });
    await lock.release();
    expect(await lease()).toBeUndefined();
  });
});

describe('a release', () => {
  it('does not wait long for a server that does not answer, and says when the lock expires', async () => {
    const { lock, said } = await take(client, namespace, { timing: { releaseMs: 300 } });
    proxy.rule = () => ({ type: 'silence' });
    const started = performance.now();
    await lock.release();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(said).toEqual([
      {
        type: 'warning',
        message: `Lease/${namespace}/kthena.kthena: the lock of this run could not be deleted and expires within 30 s: no answer within 0.3 s`,
      },
    ]);
  });

  it('leaves a Lease that another run has taken over and this one has not noticed', async () => {
    const { lock } = await take(client, namespace, { timing: {} });
    await stealFor('eve@ci pid 3 (1)');
    await lock.release();
    expect(specOf(await lease())['holderIdentity']).toBe('eve@ci pid 3 (1)');
  });
});
