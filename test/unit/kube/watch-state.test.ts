import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { WatchState } from '../../../src/kube/watch-state.js';

function pod(name: string, resourceVersion: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'a', resourceVersion } };
}

function told(events: readonly { type: string; object: KubeObject }[]): string[] {
  return events.map(({ type, object }) => `${type} ${object.metadata.name}@${object.metadata.resourceVersion}`);
}

describe('WatchState', () => {
  it('tells the first list as additions', () => {
    expect(told(new WatchState().relist([pod('x', '1'), pod('y', '2')]))).toEqual(['ADDED x@1', 'ADDED y@2']);
  });

  it('tells a later list as what changed, with deletions for what vanished', () => {
    const state = new WatchState();
    state.relist([pod('same', '1'), pod('changed', '2'), pod('gone', '3')]);
    expect(told(state.relist([pod('same', '1'), pod('changed', '9'), pod('new', '8')]))).toEqual([
      'MODIFIED changed@9',
      'ADDED new@8',
      'DELETED gone@3',
    ]);
  });

  it('tells an event once, also where a list has told it before', () => {
    const state = new WatchState();
    state.relist([pod('x', '1')]);
    expect(state.take({ type: 'ADDED', object: pod('x', '1') })).toEqual([]);
    expect(told(state.take({ type: 'MODIFIED', object: pod('x', '2') }))).toEqual(['MODIFIED x@2']);
    expect(told(state.take({ type: 'DELETED', object: pod('x', '3') }))).toEqual(['DELETED x@3']);
    expect(state.take({ type: 'DELETED', object: pod('x', '3') })).toEqual([]);
  });

  it('calls an object that comes back added', () => {
    const state = new WatchState();
    state.relist([pod('x', '1')]);
    state.take({ type: 'DELETED', object: pod('x', '2') });
    expect(told(state.take({ type: 'MODIFIED', object: pod('x', '5') }))).toEqual(['ADDED x@5']);
  });
});
