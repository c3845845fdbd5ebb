import { expect, it } from 'vitest';
import { kindsIn } from '../../../src/kube/discovery.js';
import { knownResource } from '../../../src/kube/known-kinds.js';

it('finds the resource of each kind, not its subresources', () => {
  const kinds = kindsIn({
    kind: 'APIResourceList',
    resources: [
      { name: 'modelservings', kind: 'ModelServing', namespaced: true },
      { name: 'modelservings/status', kind: 'ModelServing', namespaced: true },
      { name: 'modelservings/scale', kind: 'Scale', namespaced: true },
      { name: 'widgets', kind: 'Widget', namespaced: false },
    ],
  });
  expect([...kinds]).toEqual([
    ['ModelServing', { plural: 'modelservings', namespaced: true }],
    ['Widget', { plural: 'widgets', namespaced: false }],
  ]);
});

it('knows no kinds by the names of JavaScript', () => {
  expect(knownResource('v1', 'toString')).toBeUndefined();
  expect(knownResource('constructor', 'name')).toBeUndefined();
  expect(knownResource('v1', 'Secret')).toEqual({ plural: 'secrets', namespaced: true });
});
