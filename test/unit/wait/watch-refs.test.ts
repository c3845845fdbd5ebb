import { expect, it } from 'vitest';
import type { ObjectRef } from '../../../src/kube/object.js';
import { watchTargets } from '../../../src/wait/watch-refs.js';

const inNamespace = (kind: string, name: string, namespace = 'a'): ObjectRef => ({
  apiVersion: 'v1',
  kind,
  namespace,
  name,
});
const crd = (name: string): ObjectRef => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name,
});

it('makes one watch for each kind and namespace', () => {
  const targets = watchTargets([
    inNamespace('Service', 'x'),
    inNamespace('Pod', 'x'),
    inNamespace('Service', 'y'),
    inNamespace('Service', 'x', 'b'),
  ]);
  expect(targets.map(({ query, refs }) => [query, [...refs.keys()]])).toEqual([
    [{ apiVersion: 'v1', kind: 'Service', namespace: 'a' }, ['x', 'y']],
    [{ apiVersion: 'v1', kind: 'Pod', namespace: 'a', fieldSelector: 'metadata.name=x' }, ['x']],
    [{ apiVersion: 'v1', kind: 'Service', namespace: 'b', fieldSelector: 'metadata.name=x' }, ['x']],
  ]);
});

it('asks for cluster-scoped objects by name, one by one', () => {
  expect(watchTargets([crd('one'), crd('two')]).map(({ query }) => query)).toEqual([
    { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', fieldSelector: 'metadata.name=one' },
    { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', fieldSelector: 'metadata.name=two' },
  ]);
});
