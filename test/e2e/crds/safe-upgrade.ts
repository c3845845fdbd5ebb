import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { crdOf } from '../../fixtures/crds/history.js';
import { mustRun } from '../install/program.js';
import { samplesOf, touch } from './breaking-upgrade.js';
import {
  collectionPathOf,
  createResources,
  CRDS,
  edit,
  liveCrd,
  must,
  nameOf,
  pathOf,
  request,
  resetCrds,
  schemaOf,
} from './crd-cluster.js';

/** 1.0 without a field of AutoscalingPolicy. */
function policiesBefore(): KubeObject {
  const crd = crdOf('1.0', 'AutoscalingPolicy');
  delete schemaOf(crd).properties!['spec']!.properties!['tolerancePercent'];
  return crd;
}

/** 1.0 without an engine that ModelServer may name. */
function serversBefore(): KubeObject {
  const crd = crdOf('1.0', 'ModelServer');
  schemaOf(crd).properties!['spec']!.properties!['inferenceEngine']!.enum = ['vLLM'];
  return crd;
}

const OLDER = [policiesBefore(), serversBefore()];
const POLICY = samplesOf('1.0').find(({ kind }) => kind === 'AutoscalingPolicy')!;
const SERVER = samplesOf('1.0').find(({ kind }) => kind === 'ModelServer')!;
const WITH_VALUE: KubeObject = {
  ...SERVER,
  metadata: { ...SERVER.metadata, name: 'new-value' },
  spec: { ...(SERVER['spec'] as object), inferenceEngine: 'SGLang' },
};

export function safeUpgrades(cluster: () => Cluster): void {
  const statusOfValue = async (): Promise<number> =>
    (await request(cluster(), 'POST', `${collectionPathOf(WITH_VALUE)}?dryRun=All`, WITH_VALUE)).status;

  /** Stores nothing; what an update of the policy with the new field would store. */
  async function storedField(): Promise<unknown> {
    const live = await must(cluster(), 'GET', pathOf(POLICY));
    const changed = { ...live, spec: { ...(live['spec'] as object), tolerancePercent: 7 } };
    const answer = await must(cluster(), 'PUT', `${pathOf(POLICY)}?dryRun=All`, changed);
    return (answer['spec'] as { tolerancePercent?: number }).tolerancePercent;
  }

  /** Puts the older CRDs in place of the upgraded ones. */
  async function goBack(): Promise<void> {
    for (const crd of OLDER) {
      const { metadata } = await liveCrd(cluster(), nameOf(crd));
      const { resourceVersion } = metadata;
      const older = { ...crd, metadata: { ...crd.metadata, resourceVersion } };
      await must(cluster(), 'PUT', `${CRDS}/${nameOf(crd)}?fieldManager=helm`, older);
    }
  }

  describe('a safe upgrade', () => {
    it('asks nothing, and what is new is served once it ends', async () => {
      await resetCrds(cluster(), OLDER);
      await createResources(cluster(), [POLICY, SERVER]);
      for (let round = 0; round < 3; round++) {
        await expect.poll(statusOfValue, { timeout: 10_000 }).toBe(422);
        await expect.poll(storedField, { timeout: 10_000 }).toBeUndefined();
        await mustRun(['crds', 'upgrade', ...OLDER.map(nameOf)], { env: cluster().env, cwd: tmpdir() });
        const [value, field] = await Promise.all([statusOfValue(), storedField()]);
        expect({ value, field }).toEqual({ value: 201, field: 7 });
        expect(await edit(cluster(), SERVER, touch)).toBe(200);
        await goBack();
      }
    });
  });
}
