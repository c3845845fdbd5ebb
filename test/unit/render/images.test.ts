import { expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { imagesOf } from '../../../src/render/images.js';

const pod = {
  initContainers: [{ name: 'init', image: 'a' }],
  containers: [{ name: 'main', image: 'b' }, { name: 'without' }],
  volumes: [
    { name: 'model', image: { reference: 'c' } },
    { name: 'other', emptyDir: {} },
  ],
};
const object = (kind: string, parts: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  ...parts,
});

it.each([
  ['Pod', pod],
  ['Deployment', { template: { spec: pod } }],
  ['Job', { template: { spec: pod } }],
  ['CronJob', { jobTemplate: { spec: { template: { spec: pod } } } }],
])('of a %s are those of its containers and volumes', (kind, spec) => {
  const uses = imagesOf([object(kind, { spec })]).map(({ image, use: { apiVersion: _, kind: of, name, ...place } }) => [
    image,
    `${of}/${name}`,
    place,
  ]);
  expect(uses).toEqual([
    ['a', `${kind}/x`, { container: 'init' }],
    ['b', `${kind}/x`, { container: 'main' }],
    ['c', `${kind}/x`, { volume: 'model' }],
  ]);
});

it('of a ConfigMap are those that controllers start later', () => {
  const later = [
    { configMap: 'x', key: 'image', value: 'a.image' },
    { configMap: 'x', key: 'missing', value: 'a.missing' },
    { configMap: 'y', key: 'other', value: 'a.other' },
  ];
  const found = imagesOf([object('ConfigMap', { data: { image: 'a', other: 'b' } }), object('Service', {})], later);
  expect(found).toMatchObject([{ image: 'a', use: { kind: 'ConfigMap', name: 'x', key: 'image', value: 'a.image' } }]);
});
