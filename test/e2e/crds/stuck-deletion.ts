import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster, CommandResult } from '../../cluster/index.mjs';
import { crdsOf, NETWORKING } from '../../fixtures/crds/history.js';
import { runKthena, startKthena } from '../install/program.js';
import { samplesOf } from './breaking-upgrade.js';
import {
  collectionPathOf,
  createResources,
  CRDS,
  labelOf,
  liveCrds,
  liveResources,
  must,
  nameOf,
  pathOf,
  request,
  resetCrds,
  specOf,
} from './crd-cluster.js';
import { testFolder } from './folder.js';

const BUNDLED = crdsOf('1.0').filter((crd) => specOf(crd).group === NETWORKING);
const SAMPLES = samplesOf('1.0').filter(({ apiVersion }) => apiVersion.startsWith(NETWORKING));
const HELD = SAMPLES.find(({ kind }) => kind === 'ModelServer')!;
const [ROUTES, SERVERS] = [`modelroutes.${NETWORKING}`, `modelservers.${NETWORKING}`];
const CONFIRMED = ['crds', 'delete', '--confirm-data-loss'];

export function stuckDeletions(cluster: () => Cluster): void {
  const kthena = async (...args: string[]): Promise<CommandResult> =>
    runKthena(args, { env: cluster().env, cwd: await testFolder() });
  const finalizers = (path: string, names: string[] | null): Promise<KubeObject> =>
    must(cluster(), 'PATCH', path, { metadata: { finalizers: names } });

  const prepare = async (): Promise<void> => {
    await resetCrds(cluster(), BUNDLED);
    await createResources(cluster(), SAMPLES);
  };

  describe('a deletion that is held up', () => {
    beforeEach(prepare);

    it('by a finalizer names the resource and the finalizer, keeps the CRDs, and ends when run again', async () => {
      await finalizers(pathOf(HELD), ['example.com/hold']);
      const { code, stdout, stderr } = await kthena(...CONFIRMED, '--timeout', '3s');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^ +${labelOf(HELD)}: .*example\\.com/hold`, 'm'));
      expect(stderr, 'for a person who gives up here').toMatch(/the backup is in kthena-backup-\S+\.yaml\.gz$/m);
      expect([...(await liveResources(cluster())).keys()]).toEqual([labelOf(HELD)]);
      expect(await liveCrds(cluster())).toHaveLength(BUNDLED.length);

      await finalizers(pathOf(HELD), null);
      expect(await kthena('crds', 'delete', '--yes')).toMatchObject({ code: 0 });
      expect(await liveCrds(cluster())).toEqual([]);
    });

    it('by a finalizer tells so while it waits, and ends once that is mended', async () => {
      await finalizers(pathOf(HELD), ['example.com/hold']);
      const program = startKthena([...CONFIRMED, '--no-backup'], { env: cluster().env, cwd: await testFolder() });
      await expect
        .poll(() => program.progress(), { timeout: 15_000 })
        .toMatch(new RegExp(`^Warning: ${labelOf(HELD)}: .*example\\.com/hold`, 'm'));
      await finalizers(pathOf(HELD), null);
      expect(await program.end).toMatchObject({ code: 0 });
    });

    it('by a finalizer of a CRD names the CRD and the finalizer, and ends when run again', async () => {
      const path = `${CRDS}/${ROUTES}`;
      const { metadata } = await must(cluster(), 'GET', path);
      await finalizers(path, [...(metadata.finalizers ?? []), 'example.com/hold']);
      const { code, stderr } = await kthena(...CONFIRMED, '--timeout', '3s');
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^ +CustomResourceDefinition/${ROUTES}: .*example\\.com/hold`, 'm'));
      expect((await kthena('crds', 'list')).stdout).toMatch(new RegExp(`^${ROUTES} +being deleted`, 'm'));
      const upgrade = await kthena('crds', 'upgrade', ROUTES);
      expect(upgrade.code).toBe(1);
      expect(upgrade.stderr).toContain(`CustomResourceDefinition/${ROUTES}: is being deleted`);

      await finalizers(path, null);
      expect(await kthena('crds', 'delete', '--yes')).toMatchObject({ code: 0 });
      expect(await liveCrds(cluster())).toEqual([]);
    });
  });

  describe('with a webhook that nothing answers', () => {
    beforeEach(prepare);

    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    afterEach(() => cluster().request('DELETE', `${path}/dead`));

    async function createWebhook(...operations: string[]): Promise<void> {
      const rule = { apiGroups: [NETWORKING], apiVersions: ['*'], resources: ['modelservers'], operations };
      await must(cluster(), 'POST', path, {
        metadata: { name: 'dead' },
        webhooks: [
          {
            name: 'dead.example.com',
            failurePolicy: 'Fail',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            clientConfig: { service: { namespace: 'models', name: 'nobody' } },
            rules: [rule],
          },
        ],
      });
      const isCalled = async (): Promise<number> =>
        (await request(cluster(), 'DELETE', `${pathOf(HELD)}?dryRun=All`)).status;
      if (operations.includes('DELETE')) await expect.poll(isCalled).toBe(500);
    }

    it('a finalizer that cannot be taken off is named with the webhook and the way out', async () => {
      await finalizers(pathOf(HELD), ['example.com/hold']);
      await createWebhook('CREATE', 'UPDATE');
      const { code, stderr } = await kthena(...CONFIRMED, '--timeout', '3s');
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^ +${labelOf(HELD)}: .*example\\.com/hold`, 'm'));
      expectWayOut(stderr);
      expect(await liveCrds(cluster())).toHaveLength(BUNDLED.length);
      await cluster().request('DELETE', `${path}/dead`);
      await expect
        .poll(() => request(cluster(), 'PATCH', pathOf(HELD), { metadata: { finalizers: null } }))
        .toMatchObject({
          status: 200,
        });
      expect(await kthena('crds', 'delete', '--yes')).toMatchObject({ code: 0 });
    });

    it('that has to allow deletions, they fail soon, with the webhook and the way out', async () => {
      await createWebhook('DELETE');
      const start = Date.now();
      const { code, stdout, stderr } = await kthena(...CONFIRMED, '--timeout', '3s');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(Date.now() - start).toBeLessThan(20_000);
      expectWayOut(stderr);
      expect(await liveCrds(cluster())).toHaveLength(BUNDLED.length);
      expect([...(await liveResources(cluster())).keys()]).toContain(labelOf(HELD));
    });

    function expectWayOut(stderr: string): void {
      expect(stderr).toContain('ValidatingWebhookConfiguration/dead');
      expect(stderr).toContain('models/nobody');
      expect(stderr, 'what to do').toMatch(/kubectl delete validatingwebhookconfigurations?[ /]dead/i);
    }
  });

  describe('a resource that is created during the deletion', () => {
    beforeEach(prepare);

    it('again and again ends it, is named, and is there afterwards', async () => {
      const program = startKthena(CONFIRMED, { env: cluster().env, cwd: await testFolder() });
      let ended = false;
      const end = program.end.finally(() => (ended = true));
      const created: string[] = [];
      for (let i = 0; !ended; i++) {
        const late = named(HELD, `late-${i}`);
        if ((await request(cluster(), 'POST', collectionPathOf(late), late)).status === 201)
          created.push(labelOf(late));
      }
      const { code, stderr } = await end;
      expect(code).toBe(1);
      const live = await liveResources(cluster());
      const lost = [...SAMPLES.map(labelOf), ...created].filter((name) => !live.has(name));
      const confirmed = Number(/(\d+) resources will be lost/.exec(stderr)![1]);
      expect(lost.length).toBeLessThanOrEqual(confirmed);
      expect(live.size).toBeGreaterThan(0);
      expect(stderr).toMatch(/were created while/);
      expect(stderr).toMatch(/ModelServer\/models\/late-\d+/);
      expect((await liveCrds(cluster())).map(nameOf)).toContain(SERVERS);
    });

    it('at the moment its CRD goes is either there afterwards or named as lost', async () => {
      const program = startKthena([...CONFIRMED, '--debug'], { env: cluster().env, cwd: await testFolder() });
      const created: string[] = [];
      let creating: Promise<void> | undefined;
      program.child.stderr!.on('data', () => {
        // The last look for resources before the CRD is deleted.
        if (/Deleting \d+ CRDs[^]*GET \S+\/modelservers\?/.test(program.progress()))
          creating ??= createUntilRefused(created);
      });
      const { stdout, stderr } = await program.end;
      await creating;
      const live = await liveResources(cluster());
      const silent = created.filter((name) => !live.has(name) && !`${stdout}${stderr}`.includes(name));
      expect(silent, 'lost without a word').toEqual([]);
    });

    async function createUntilRefused(created: string[]): Promise<void> {
      for (let i = 0; i < 100; i++) {
        const late = named(HELD, `late-${i}`);
        const { status } = await cluster().request('POST', collectionPathOf(late), late);
        if (status !== 201) return;
        created.push(labelOf(late));
      }
    }

    function named(sample: KubeObject, name: string): KubeObject {
      return { ...sample, metadata: { ...sample.metadata, name } };
    }
  });
}
