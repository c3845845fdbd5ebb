import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { differences } from '../../../src/plan/difference.js';

function deployment(spec: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', ...metadata }, spec };
}

const between = (before: object, after: object) => differences(deployment(before), deployment(after));

describe('differences', () => {
  it('name a field that comes, goes or changes', () => {
    expect(between({ a: 1, b: 2 }, { b: 3, c: { d: null } })).toEqual([
      { path: 'spec.a', before: 1, after: undefined },
      { path: 'spec.b', before: 2, after: 3 },
      { path: 'spec.c', before: undefined, after: { d: null } },
    ]);
  });

  it('name only the item that comes or goes, among plain ones', () => {
    expect(between({ args: ['--a', '--b', '--c'] }, { args: ['--a', '--c'] })).toEqual([
      { path: 'spec.args[1]', before: '--b', after: undefined },
    ]);
    expect(between({ args: ['--a', '--c'] }, { args: ['--a', '--b', '--c'] })).toEqual([
      { path: 'spec.args[1]', before: undefined, after: '--b' },
    ]);
  });

  it('tell items apart by their names', () => {
    const before = {
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    };
    expect(between(before, { containers: [{ name: 'b', image: 'z' }] })).toEqual([
      { path: 'spec.containers[name="a"]', before: { name: 'a', image: 'x' }, after: undefined },
      { path: 'spec.containers[name="b"].image', before: 'y', after: 'z' },
    ]);
  });

  it.each([
    [
      ['--a', '--b'],
      ['--b', '--a'],
    ],
    [
      ['--a', '--a'],
      ['--a', '--b'],
    ],
    [
      [{ name: 'a' }, { name: 'b' }],
      [{ name: 'b' }, { name: 'a' }],
    ],
    [[{ port: 1 }], [{ port: 2 }]],
  ])('compare place by place where order or identity says otherwise: %j → %j', (before, after) => {
    const found = between({ list: before }, { list: after });
    expect(found.length).toBeGreaterThan(0);
    for (const { path } of found) expect(path).toMatch(/^spec\.list\[\d\]/);
  });

  it('write keys of annotations so that they can be told from fields', () => {
    const live = deployment({}, { annotations: { 'example.com/a.b': '1' } });
    expect(differences(live, deployment({}))).toEqual([
      { path: 'metadata.annotations["example.com/a.b"]', before: '1', after: undefined },
    ]);
  });

  it('leave out what the server keeps, and the traces of client-side apply', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"secret":1}' };
    const live = { ...deployment({}, { uid: 'u', generation: 3, managedFields: [], annotations }), status: { a: 1 } };
    expect(differences(live, deployment({}))).toEqual([]);
  });

  it('do not promise a port that the server will choose anew', () => {
    expect(between({ ports: [{ name: 'http' }] }, { ports: [{ name: 'http', nodePort: 31234 }] })).toEqual([
      { path: 'spec.ports[name="http"].nodePort', before: undefined, after: '(allocated by the API server)' },
    ]);
  });

  it('mask a Secret as a whole too', () => {
    const secret = (parts: object): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      ...parts,
    });
    expect(differences(secret({}), secret({ data: { key: 'c2VjcmV0' } }))).toEqual([
      { path: 'data', before: undefined, after: '***' },
    ]);
  });
});
