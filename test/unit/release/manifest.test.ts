import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { objectsOf } from '../../../src/release/manifest.js';

function refusal(manifest: string): KthenaError {
  try {
    objectsOf(manifest, 'release kthena');
  } catch (error) {
    if (error instanceof KthenaError) return error;
    throw error;
  }
  throw new Error('it was parsed');
}

const configMap = (name: string, data: string) =>
  `---\n# Source: kthena/templates/${name}.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: ${data}\n`;

function dataOf(yaml: string): unknown {
  return objectsOf(configMap('a', yaml))[0]?.['data'];
}

describe('the objects of a manifest', () => {
  it('come in its order, without its comments and empty documents', () => {
    const manifest = `---\n# Source: kthena/templates/empty.yaml\n---\n${configMap('b', '{}')}\n---\n\n${configMap('a', '{x: "1"}')}---\n---\nnull\n`;
    expect(objectsOf(manifest)).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: {} },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } },
    ]);
  });

  it.each(['', '\n', '# nothing\n', '---\n---\n'])('are none in %j', (manifest) => {
    expect(objectsOf(manifest)).toEqual([]);
  });

  it('are read with line ends of Windows, as JSON, and with three dashes inside of texts', () => {
    const manifest = configMap('a', '\n  text: |\n    ---\n    x').replaceAll('\n', '\r\n');
    expect(objectsOf(manifest)[0]?.['data']).toEqual({ text: '---\nx\n' });
    expect(objectsOf('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j"}}')).toHaveLength(1);
  });

  it('come out of lists, which may leave out what their items are', () => {
    const roles =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleList\nitems:\n- metadata: {name: r}\n  rules: []\n';
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`;
    expect(objectsOf(`${roles}---\n${list}`)).toEqual([
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' }, rules: [] },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } },
    ]);
  });

  it('share nothing, even where the YAML has aliases', () => {
    const [object] = objectsOf(configMap('a', '\n  a: &x {k: v}\n  b: *x\n  c: {<<: *x, k2: v2}'));
    const data = object!['data'] as Record<string, Record<string, string>>;
    expect(data).toEqual({ a: { k: 'v' }, b: { k: 'v' }, c: { k: 'v', k2: 'v2' } });
    data['a']!['k'] = 'changed';
    expect(data['b']!['k']).toBe('v');
  });

  it('cannot reach the prototype of an object', () => {
    const data = dataOf('{__proto__: {polluted: "1"}}') as object;
    expect(Object.keys(data)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((data as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('scalars', () => {
  it.each([
    ['yes', true],
    ['Off', false],
    ['n', false],
    ['TRUE', true],
    ['tRUE', 'tRUE'],
    ['"yes"', 'yes'],
    ['0644', 420],
    ['0o644', 420],
    ['-0x1F', -31],
    ['0b101', 5],
    ['+12', 12],
    ['-0', 0],
    ['1_000', 1000],
    ['08', 8],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['-1.5E-2', -0.015],
    ['1e999', '1e999'],
    ['22:22', '22:22'],
    ['1:30:45.5', '1:30:45.5'],
    ['2025-01-02', '2025-01-02'],
    ['2025-01-02T03:04:05Z', '2025-01-02T03:04:05Z'],
    ['1.2.3', '1.2.3'],
    ['0x', '0x'],
    ['10Gi', '10Gi'],
    ['~', null],
    ['Null', null],
    ['', null],
    ['!!str 5', '5'],
  ])('%s is read as Helm reads it', (text, value) => {
    expect(dataOf(`\n  x: ${text}`)).toEqual({ x: value });
  });

  it('make keys as texts, the last of two equal ones counting', () => {
    expect(dataOf('\n  1: a\n  0x10: b\n  yes: c\n  k: first\n  k: last')).toEqual({
      '1': 'a',
      '16': 'b',
      true: 'c',
      k: 'last',
    });
  });
});

describe('a manifest that cannot be read', () => {
  const bomb = ['&a0 [x, x]', ...Array.from({ length: 40 }, (_, i) => `&a${i + 1} [*a${i}, *a${i}]`)];

  it.each([
    ['broken YAML', `${configMap('a', '{}')}  - ]`, 'release kthena:8:3', 'it is not valid YAML'],
    ['a text', 'hello', 'release kthena', 'it has a document that is not a map'],
    [
      'a list of texts',
      'apiVersion: v1\nkind: List\nitems: [x]',
      'release kthena',
      'it has a document that is not a map',
    ],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}', 'release kthena', 'it has an object without apiVersion or kind'],
    ['no name', 'apiVersion: v1\nkind: ConfigMap', 'release kthena', 'it has a ConfigMap without a name'],
    [
      'aliases of aliases',
      `x:\n${bomb.map((line) => `- ${line}`).join('\n')}`,
      'release kthena',
      'it has more than 1000000 nodes',
    ],
    ['an alias of itself', 'x: &x [*x]', 'release kthena', 'it is nested more than 100 levels deep'],
    ['deep nesting', '['.repeat(5000), 'release kthena:1:100', 'it is not valid YAML'],
    ['too much of it', ' '.repeat(16 * 1024 * 1024 + 1), 'release kthena', 'it has more than 16777216 characters'],
  ])('because of %s is an error that says where', (_, manifest, where, fault) => {
    const error = refusal(manifest);
    expect(error.code).toBe('cluster');
    expect(error.message).toBe(`${where}: the recorded manifest cannot be read: ${fault}`);
    expect(error.hint).toBeDefined();
  });

  it('is not quoted', () => {
    const error = refusal('apiVersion: v1\nkind: Secret\nstringData: {password: hunter2}}\n');
    expect(JSON.stringify([error.message, error.details, error.hint])).not.toContain('hunter2');
    expect(error.cause).toBeUndefined();
  });
});
