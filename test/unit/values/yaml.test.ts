import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { placeAt } from '../../../src/values/place.js';
import { parseValuesYaml } from '../../../src/values/yaml.js';

const values = (text: string): unknown => parseValuesYaml(text, 'values.yaml').values;
const scalar = (text: string): unknown => (values(`k: ${text}\n`) as { k: unknown }).k;
const problem = (text: string): string => {
  try {
    parseValuesYaml(text, 'values.yaml');
  } catch (error) {
    if (error instanceof KthenaError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

describe('scalars', () => {
  it.each<[string, unknown]>([
    ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, unknown] => [
      word,
      true,
    ]),
    ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, unknown] => [
      word,
      false,
    ]),
    ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, unknown] => [word, null]),
    ...['yEs', 'oN', 'nUll', 'tRue', 'none', 'enabled'].map((word): [string, unknown] => [word, word]),
  ])('reads the word %j as YAML 1.1 does', (text, expected) => {
    expect(scalar(text)).toBe(expected);
  });

  it.each([
    ['0', 0],
    ['-0', 0],
    ['+5', 5],
    ['0644', 420],
    ['0o644', 420],
    ['08', 8],
    ['0x1F', 31],
    ['-0x1f', -31],
    ['0b101', 5],
    ['1_000', 1000],
    ['1_000.5', 1000.5],
    ['1.', 1],
    ['.5', 0.5],
    ['+.5', 0.5],
    ['1e3', 1000],
    ['1.5e-3', 0.0015],
    ['9007199254740991', 9007199254740991],
  ])('reads the number %s', (text, expected) => {
    expect(scalar(text)).toBe(expected);
  });

  it.each(['9007199254740993', '18446744073709551616', '0xFFFFFFFFFFFFFFFF', '1e400'])(
    'keeps %s, which a number cannot hold, as text',
    (text) => {
      expect(scalar(text)).toBe(text);
    },
  );

  it.each(['2024-01-01', '2024-01-01T00:00:00Z', '1:30', '190:20:30', '1.2.3', 'v1', '0x', '0b2', '.', '_1', '1e'])(
    'leaves %s a text',
    (text) => {
      expect(scalar(text)).toBe(text);
    },
  );

  it('takes quotes and tags at their word', () => {
    expect(
      values('a: "yes"\nb: \'1\'\nc: !!str 12\nd: !!int "0x10"\ne: !!float 5\nf: !!bool on\ng: ! 12\nh: !!null ""\n'),
    ).toEqual({
      a: 'yes',
      b: '1',
      c: '12',
      d: 16,
      e: 5,
      f: true,
      g: '12',
      h: null,
    });
  });

  it('makes keys texts, whatever they look like', () => {
    expect(values('on: a\n1: b\n0644: c\n1.5: d\n')).toEqual({ true: 'a', 1: 'b', 420: 'c', 1.5: 'd' });
  });

  it.each(['.inf', '-.Inf', '.nan'])('refuses %s, which JSON does not have', (text) => {
    expect(problem(`a:\n  b: ${text}\n`)).toBe('values.yaml:2:6: a number must be finite');
  });

  it.each([
    '!!binary aGk=',
    '!custom x',
    '!!int x',
    '!!int 1.5',
    '!!bool 1',
    '!!set {a}',
    '!!omap [a: 1]',
    '!!map [1]',
  ])('refuses the tag in %s', (text) => {
    expect(problem(`a: ${text}\n`)).toMatch(/^values\.yaml:1:4: values have no such tag/);
  });
});

describe('documents', () => {
  it.each(['', '\n', '# nothing\n', '---\n', '---\n# nothing\n...\n', '~\n'])('takes %j as no values', (text) => {
    expect(values(text)).toEqual({});
  });

  it.each(['a: 1\n---\n', '---\n---\na: 1\n', 'a: 1\n...\n', '%YAML 1.1\n---\na: 1\n', '\uFEFFa: 1\n', 'a: 1\r\n'])(
    'takes %j as one document',
    (text) => {
      expect(values(text)).toEqual({ a: 1 });
    },
  );

  it('refuses a second document', () => {
    expect(problem('a: 1\n---\nb: 2\n')).toBe('values.yaml:3:1: a second YAML document in one file of values');
  });

  it.each(['- a\n', 'text\n', '5\n'])('refuses %j, whose top is no map', (text) => {
    expect(problem(text)).toBe('values.yaml:1:1: values must be a map of keys to values');
  });

  it.each([
    ['a: 1\nb: 2\na: 3\n', 'values.yaml:3:1: the key a is already in this map'],
    ['a:\n  b: {c: 1, "c": 2}\n', 'values.yaml:2:13: the key c is already in this map'],
    ['1: a\n"1": b\n', 'values.yaml:2:1: the key 1 is already in this map'],
    ['? [a]\n: 1\n', 'values.yaml:1:3: a key must be a text'],
    ['~: 1\n', 'values.yaml:1:1: a key must be a text'],
    ['a: [1, "b\n', /^values\.yaml:2:1: /],
    ['a:\n\tb: 1\n', 'values.yaml:2:1: tab characters must not be used in indentation'],
    ['a: b: c\n', /^values\.yaml:1:\d+: /],
    ['%TAG !! tag:x,2000:\n---\na: !!int 1\n', 'values.yaml: values cannot define tags of their own (%TAG)'],
  ])('refuses %j with its place', (text, message) => {
    expect(problem(text)).toMatch(
      message instanceof RegExp ? message : new RegExp(`^${message.replace(/[()[\]]/g, '\\$&')}$`),
    );
  });

  it('never quotes a value: it may be a password without its quotes', () => {
    for (const text of [
      'p: *hunter2\n',
      'p: !hunter2%x y\n',
      'p: "hunter2\n',
      'p: [hunter2\n',
      'p: hunter2: x\n',
      'p: !e!hunter2 x\n',
    ]) {
      expect(problem(text)).not.toContain('hunter2');
    }
  });
});

describe('anchors, aliases and merge keys', () => {
  it('repeats a value', () => {
    expect(values('a: &x {b: [1]}\nc: *x\nd: [*x, &y z, *y]\n')).toEqual({
      a: { b: [1] },
      c: { b: [1] },
      d: [{ b: [1] }, 'z', 'z'],
    });
  });

  it('merges maps, whose keys give way to those of the map itself wherever they stand', () => {
    expect(values('a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\ne: {b: 3, <<: *x}\n')).toMatchObject({
      d: { b: 3, c: 2 },
      e: { b: 3, c: 2 },
    });
  });

  it('merges a list of maps, the first first', () => {
    expect(values('a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}\n')).toMatchObject({ e: { b: 1, d: 3 } });
  });

  it('takes a quoted merge key as a key', () => {
    expect(values('"<<": 1\n')).toEqual({ '<<': 1 });
  });

  it.each([
    ['a: {<<: 1}\n', 'values.yaml:1:5: << takes a map or a list of maps'],
    ['a: {<<: [{b: 1}, 2]}\n', 'values.yaml:1:5: << takes a map or a list of maps'],
    ['a: *nowhere\n', 'values.yaml:1:4: an alias without an anchor above it; a text that starts with * needs quotes'],
    ['a: &x [*x]\n', 'values.yaml:1:8: the alias stands inside the very value it repeats'],
    ['a: &x\n  b: {c: *x}\n', 'values.yaml:2:10: the alias stands inside the very value it repeats'],
  ])('refuses %j', (text, message) => {
    expect(problem(text)).toBe(message);
  });
});

describe('bounds', () => {
  const tenfold = (levels: number, item: (below: string) => string): string =>
    Array.from(
      { length: levels },
      (_, level) => `a${level}: &a${level} ${level === 0 ? '[x]' : item(`*a${level - 1}`)}\n`,
    ).join('');

  it('refuses aliases that stand for more values than it is worth, without making them', () => {
    const bomb = tenfold(40, (below) => `[${Array(10).fill(below).join(', ')}]`);
    expect(problem(bomb)).toMatch(/^values\.yaml:\d+:\d+: this holds, aliases written out, more than 1000000 values$/);
  });

  it('refuses a bomb made of maps and of merge keys', () => {
    const keys = 'bcdefghijk'.split('');
    const maps = tenfold(40, (below) => `{${keys.map((key) => `${key}: ${below}`).join(', ')}}`);
    expect(problem(maps)).toContain('more than 1000000 values');
    const base = `m: &m {${Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join(', ')}}\n`;
    const merges = Array.from({ length: 2000 }, (_, index) => `n${index}: {<<: *m}\n`).join('');
    expect(problem(base + merges)).toContain('more than 1000000 values');
  });

  it('counts the depth that aliases add up to', () => {
    const deep = tenfold(120, (below) => `[${below}]`);
    expect(problem(deep)).toMatch(/nested more than 100 deep$/);
  });

  it('refuses deep nesting', () => {
    expect(problem(`a: ${'['.repeat(200)}${']'.repeat(200)}\n`)).toMatch(/^values\.yaml:1:\d+: nesting exceeded/);
  });

  it('refuses a text over 5 MiB', () => {
    expect(problem(`a: ${'x'.repeat(5 * 1024 * 1024)}`)).toBe(
      'values.yaml: larger than 5 MiB, the most that values may take',
    );
  });
});

describe('keys that objects inherit', () => {
  it('are plain data', () => {
    const parsed = values('__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\ntoString: x\n') as object;
    expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify(parsed)).toBe(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}',
    );
  });

  it('are plain data in merge keys too', () => {
    const parsed = values('a: &x {__proto__: {polluted: 1}}\nb: {<<: *x}\n') as { b: object };
    expect(Object.keys(parsed.b)).toEqual(['__proto__']);
    expect((parsed.b as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('places', () => {
  const text = [
    'top: &anchor',
    '  inner: 1',
    '  list:',
    '    - a',
    '    - "b"',
    '    - {flow: x, other: y}',
    '    - key: 1',
    '"quoted": [1, 2]',
    'copy: *anchor',
    'merged: {<<: *anchor, own: 1}',
    'folded: >',
    '  text',
  ].join('\n');
  const placed = parseValuesYaml(text, 'dir/values-dev.yaml');

  it.each([
    [['top'], '1:1'],
    [['top', 'inner'], '2:3'],
    [['top', 'list', 0], '4:7'],
    [['top', 'list', 1], '5:7'],
    [['top', 'list', 2, 'other'], '6:17'],
    [['top', 'list', 3, 'key'], '7:7'],
    [['quoted'], '8:1'],
    [['quoted', 1], '8:15'],
    [['copy'], '9:1'],
    [['copy', 'inner'], '2:3'],
    [['merged', 'inner'], '2:3'],
    [['merged', 'own'], '10:23'],
    [['folded'], '11:1'],
  ])('of %j', (path, place) => {
    expect(placeAt(placed, path)).toBe(`dir/values-dev.yaml:${place}`);
  });

  it('are those of the value around one that is no map, and of nothing where nothing was written', () => {
    expect(placeAt(placed, ['top', 'inner', 'deeper'])).toBe('dir/values-dev.yaml:2:3');
    expect(placeAt(placed, ['top', 'absent'])).toBeUndefined();
    expect(placeAt(placed, ['absent'])).toBeUndefined();
    expect(placeAt(placed, ['toString'])).toBeUndefined();
  });

  it('count lines that end in any of the ways YAML knows', () => {
    expect(placeAt(parseValuesYaml('a: 1\r\nb: 2\rc: 3\n', 'f'), ['c'])).toBe('f:3:1');
  });
});
