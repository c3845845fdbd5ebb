import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Change } from '../../../src/plan/plan.js';
import type { PlannedChanges } from '../../../src/preflight/check.js';
import { rollouts } from '../../../src/preflight/namespace/rollout.js';

function deployment(spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'router', namespace: 'team' },
    spec: {
      template: {
        metadata: { labels: { app: 'router' } },
        spec: { serviceAccountName: 'router', containers: [{ name: 'router' }] },
      },
      ...spec,
    },
  };
}

/** A plan that changes these paths, each to the number given. */
function update(object: KubeObject, paths: Record<string, [number, number]>): PlannedChanges {
  const differences = Object.entries(paths).map(([path, [before, after]]) => ({ path, before, after }));
  return planOf({ action: 'update', object, differences, conflicts: [], kept: [], takesOver: [] });
}

function planOf(...changes: Change[]): PlannedChanges {
  return { found: { namespace: undefined, objects: { changes, obstacles: [] } }, upgrades: [] };
}

const TEMPLATE = { 'spec.template.spec.containers[name="router"].image': [1, 2] as [number, number] };

describe('new pods', () => {
  it('are all of a Deployment that is new, or of which nothing is known', () => {
    const object = deployment({ replicas: 3 });
    for (const plan of [undefined, planOf({ action: 'create', object })])
      expect(rollouts([object], plan)).toMatchObject([{ added: 3, needsRoom: false }]);
  });

  it('are none where nothing changes, or nothing about the pods', () => {
    const object = deployment();
    expect(rollouts([object], planOf({ action: 'unchanged', object, kept: [] }))).toEqual([]);
    expect(rollouts([object], update(object, { 'metadata.labels.a': [1, 2] }))).toEqual([]);
    expect(rollouts([object], update(object, { 'spec.replicas': [3, 1] }))).toEqual([]);
  });

  it('are the further ones where only the number changes', () => {
    const object = deployment({ replicas: 5 });
    expect(rollouts([object], update(object, { 'spec.replicas': [2, 5] }))).toMatchObject([
      { added: 3, needsRoom: false },
    ]);
  });

  it.each([
    ['one replica', {}, true],
    ['three replicas', { replicas: 3 }, true],
    ['four replicas', { replicas: 4 }, false],
    ['Recreate', { strategy: { type: 'Recreate' } }, false],
    ['maxUnavailable 1', { strategy: { rollingUpdate: { maxUnavailable: 1 } } }, false],
    ['maxUnavailable 0', { replicas: 9, strategy: { rollingUpdate: { maxUnavailable: 0 } } }, true],
    ['maxUnavailable 100%', { strategy: { rollingUpdate: { maxUnavailable: '100%' } } }, false],
  ])('of a rollout with %s need room beside the old ones: %j', (_, spec, needsRoom) => {
    const object = deployment(spec);
    expect(rollouts([object], update(object, TEMPLATE))).toMatchObject([{ added: 0, needsRoom }]);
  });

  it('are tried as the Deployment would make them, but without the service account, which may not be there yet', () => {
    const [rollout] = rollouts([deployment()], undefined);
    expect(rollout!.pod).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'router-check', namespace: 'team', labels: { app: 'router' } },
      spec: { containers: [{ name: 'router' }], automountServiceAccountToken: false },
    });
  });
});
