import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { assign } from '../../../src/values/assign.js';
import { placeAt, placedAt, markOf } from '../../../src/values/place.js';
import type { PlacedValues } from '../../../src/values/place.js';
import { parseAssignments } from '../../../src/values/set-grammar.js';
import type { SetFlag } from '../../../src/values/set-grammar.js';
import type { Values } from '../../../src/values/value.js';

const FLAGS: SetFlag[] = ['--set', '--set-string', '--set-file', '--set-json', '--set-literal'];

function apply(flag: SetFlag, text: string, base: Values = {}): PlacedValues {
  return parseAssignments(flag, text).reduce(
    (placed, assignment) => assign(placed, assignment, flag),
    placedAt(base, markOf('values.yaml:1:1')),
  );
}
const set = (text: string, base?: Values): Values => apply('--set', text, base).values;
const problem = (flag: SetFlag, text: string, base?: Values): string => {
  try {
    apply(flag, text, base);
  } catch (error) {
    if (error instanceof KthenaError) return error.message;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

describe('--set', () => {
  it.each<[string, Values]>([
    ['', {}],
    ['a=b', { a: 'b' }],
    ['a=b,c=d', { a: 'b', c: 'd' }],
    ['a=b,', { a: 'b' }],
    ['a={}', { a: [''] }],
    ['a={x, y}', { a: ['x', ' y'] }],
    ['a={1,true,null,x}', { a: [1, true, null, 'x'] }],
    ['a={x\\,y,\\}}', { a: ['x,y', '}'] }],
    ['a={x},b={y}', { a: ['x'], b: ['y'] }],
    ['a={x}b=1', { a: ['x'], b: 1 }],
    ['a=', { a: '' }],
    ['a=,b=1', { a: '', b: 1 }],
    ['a=b=c', { a: 'b=c' }],
    ['a= b ', { a: ' b ' }],
    ['a=007', { a: '007' }],
    ['a=0', { a: 0 }],
    ['a=00', { a: '00' }],
    ['a=1.5', { a: '1.5' }],
    ['a=1e3', { a: '1e3' }],
    ['a=0x10', { a: '0x10' }],
    ['a=1_000', { a: '1_000' }],
    ['a=9007199254740991', { a: 9007199254740991 }],
    ['a=9007199254740993', { a: '9007199254740993' }],
    ['a=9223372036854775808', { a: '9223372036854775808' }],
    ['a=+5', { a: 5 }],
    ['a=-0', { a: 0 }],
    ['a=-7', { a: -7 }],
    ['a=-007', { a: -7 }],
    ['a=TRUE', { a: true }],
    ['a=False', { a: false }],
    ['a=yes', { a: 'yes' }],
    ['a=Null', { a: null }],
    ['a=C:\\temp', { a: 'C:temp' }],
    ['a=b\\', { a: 'b' }],
    ['a=one\\,two', { a: 'one,two' }],
    ['a=\\{x', { a: '{x' }],
    ['a=\\😀', { a: '😀' }],
    ['a\\.b=1', { 'a.b': 1 }],
    ['a.b\\=c=1', { a: { 'b=c': 1 } }],
    ['a\\[0\\]=1', { 'a[0]': 1 }],
    ['a.b.c=1,a.b.d=2', { a: { b: { c: 1, d: 2 } } }],
    ['a[2]=x', { a: [null, null, 'x'] }],
    ['a[0]=x,a[1]=y', { a: ['x', 'y'] }],
    ['a[0].b=1,a[0].c=2', { a: [{ b: 1, c: 2 }] }],
    ['a[1].b=1,a[0].b=2', { a: [{ b: 2 }, { b: 1 }] }],
    ['a[0][1]=x', { a: [[null, 'x']] }],
    ['a[1][0].b=x', { a: [null, [{ b: 'x' }]] }],
    ['a[0]={x,y}', { a: [['x', 'y']] }],
    ['a[+1]=x', { a: [null, 'x'] }],
    ['a={x,y},a[0].b=1', { a: [{ b: 1 }, 'y'] }],
    ['a=1,a=2', { a: 2 }],
    ['a[0]', { a: [] }],
    ['a.b[3]', { a: { b: [] } }],
    [']=x', { ']': 'x' }],
    ['a b=x y', { 'a b': 'x y' }],
  ])('%s', (text, expected) => {
    expect(set(text)).toEqual(expected);
  });

  it('reaches into what files have set', () => {
    const base: Values = { list: [{ a: 1, b: 2 }, 'x', null], map: { c: 1 } };
    expect(set('list[0].b=3,list[2].d=4,list[4]=z,map.e=5', base)).toEqual({
      list: [{ a: 1, b: 3 }, 'x', { d: 4 }, null, 'z'],
      map: { c: 1, e: 5 },
    });
    expect(set('list[0]', base)).toEqual(base);
    expect(base).toEqual({ list: [{ a: 1, b: 2 }, 'x', null], map: { c: 1 } });
  });

  it('does not change an alias of what it reaches into', () => {
    const shared: Values = { k: 1 };
    expect(set('a.k=2', { a: shared, b: shared })).toEqual({ a: { k: 2 }, b: { k: 1 } });
  });

  it('takes indexes up to 65536 and names up to 30 dots deep', () => {
    expect((set('a[65536]=x')['a'] as unknown[]).length).toBe(65537);
    expect(problem('--set', 'a[65537]=x')).toBe('--set a[65537]=x: an index can be 65536 at most');
    expect(() => set(`${'a.'.repeat(30)}a=1`)).not.toThrow();
    expect(problem('--set', `${'a.'.repeat(31)}a=1`)).toContain('a key of more than 30 dots');
    expect(problem('--set', `a${'[0]'.repeat(50_000)}=1`)).toContain('a key of more than 100 parts');
  });

  it.each([
    ['a', 'a: the key has no value'],
    ['a.b', 'a.b: the key has no value'],
    ['a=1,b', 'b: the key has no value'],
    ['a,b=1', 'a: the key has no value'],
    ['a\\', 'a\\: the key has no value'],
    ['=x', '=x: a key is empty'],
    ['.a=1', '.a=1: a key is empty'],
    ['a..b=1', 'a..b=1: a key is empty'],
    ['a.=1', 'a.=1: a key is empty'],
    ['a.', 'a.: a key is empty'],
    ['[0]=1', '[0]=1: a key is empty'],
    ['a[0].=1', 'a[0].=1: a key is empty'],
    [',', ',: a key is empty'],
    ['a=1,,b=2', 'a=1,,b=2: a key is empty'],
    ['a[=1', 'a[=1: an index is not closed with ]'],
    ['a[1=2', 'a[1=2: an index is not closed with ]'],
    ['a[]=1', 'a[]=1: an index must be a whole number'],
    ['a[x]=1', 'a[x]=1: an index must be a whole number'],
    ['a[1.5]=1', 'a[1.5]=1: an index must be a whole number'],
    ['a[-1]=1', 'a[-1]=1: an index cannot be negative'],
    ['a[0]b=1', 'a[0]b=1: only [, . or = can follow an index'],
    ['a[0],b=1', 'a[0]: only [, . or = can follow an index'],
    ['a={x', 'a={x: a list is not closed with }'],
  ])('refuses %s', (text, message) => {
    expect(problem('--set', text)).toBe(`--set ${message}`);
  });

  it.each<[string, Values, string]>([
    ['a=1,a.b=2', {}, '--set a.b: a is no map (set at --set a)'],
    ['a.b=1', { a: 'x' }, '--set a.b: a is no map (set at values.yaml:1:1)'],
    ['a.b=1', { a: null }, '--set a.b: a is null (set at values.yaml:1:1)'],
    ['a.b=1', { a: [1] }, '--set a.b: a is no map (set at values.yaml:1:1)'],
    ['a[0]=1', { a: {} }, '--set a[0]: a is no list (set at values.yaml:1:1)'],
    ['a[0]=1', { a: null }, '--set a[0]: a is null (set at values.yaml:1:1)'],
    ['a[0]', { a: 1 }, '--set a: a is no list (set at values.yaml:1:1)'],
    ['a[0][0]=1', { a: ['x'] }, '--set a[0][0]: a[0] is no list (set at values.yaml:1:1)'],
  ])('refuses %s on %j', (text, base, message) => {
    expect(problem('--set', text, base)).toBe(message);
  });

  it('keeps credentials out of messages, also the part of them after a comma', () => {
    for (const text of [
      'downloader.secretKey=hunter2,rest',
      'downloader.secretKey=a,hunter2',
      'downloader.accessKey:hunter2',
      'a={hunter2,secret',
    ]) {
      expect(problem('--set', text)).not.toContain('hunter2');
    }
    expect(problem('--set', 'a.inputTokenWeight[1=2')).toBe(
      '--set a.inputTokenWeight[1=2: an index is not closed with ]',
    );
  });
});

describe('the other flags', () => {
  it.each<[SetFlag, string, Values]>([
    ['--set-string', 'a=true,b=1,c=null,d={1,x}', { a: 'true', b: '1', c: 'null', d: ['1', 'x'] }],
    ['--set-string', 'a[1].b=007', { a: [null, { b: '007' }] }],
    ['--set-file', 'a=path/to,b={x,y}', { a: 'path/to', b: ['x', 'y'] }],
    ['--set-json', 'a={"b":1},c=[1,2]', { a: { b: 1 }, c: [1, 2] }],
    ['--set-json', 'a.b="x,y",c=true,d=null,e=1.5e3', { a: { b: 'x,y' }, c: true, d: null, e: 1500 }],
    ['--set-json', 'a=,b= ,c=', { a: null, b: null, c: null }],
    ['--set-json', 'a= [1] , b=2', { a: [1], ' b': 2 }],
    ['--set-json', 'a[1].b={"c":"}]\\""}', { a: [null, { b: { c: '}]"' } }] }],
    ['--set-literal', 'a=x,y=z', { a: 'x,y=z' }],
    ['--set-literal', 'a=C:\\temp\\,', { a: 'C:\\temp\\,' }],
    ['--set-literal', 'a.b[1].c={x}', { a: { b: [null, { c: '{x}' }] } }],
    ['--set-literal', 'a,b=true', { 'a,b': 'true' }],
    ['--set-literal', 'a\\.b=1', { 'a\\': { b: '1' } }],
    ['--set-literal', 'a=', { a: '' }],
  ])('%s %s', (flag, text, expected) => {
    expect(apply(flag, text).values).toEqual(expected);
  });

  it.each<[SetFlag, string, string]>([
    ['--set-file', 'a=', '--set-file a=: no file is named'],
    ['--set-json', 'a={"b":1', '--set-json a={"b":1: a value is not valid JSON'],
    ['--set-json', 'a=x', '--set-json a=x: a value is not valid JSON'],
    ['--set-json', "a={'b':1}", "--set-json a={'b':1}: a value is not valid JSON"],
    ['--set-json', 'a={"b":1}]', '--set-json ]: the key has no value'],
    ['--set-literal', 'a', '--set-literal a: the key has no value'],
    ['--set-literal', 'a.=1', '--set-literal a.=1: a key is empty'],
  ])('%s refuses %s', (flag, text, message) => {
    expect(problem(flag, text)).toBe(message);
  });

  it('refuses JSON that is nested beyond all use', () => {
    expect(problem('--set-json', `a=${'['.repeat(100_000)}`)).toContain('not valid JSON');
    expect(problem('--set-json', `a=${'['.repeat(101)}${']'.repeat(101)}`)).toContain('not valid JSON');
  });
});

describe('every flag', () => {
  it('treats keys that objects inherit as data', () => {
    for (const flag of ['--set', '--set-json', '--set-literal'] as const) {
      const { values } = apply(flag, '__proto__.polluted=1');
      expect(Object.keys(values)).toEqual(['__proto__']);
      const inherited = JSON.stringify(apply(flag, 'constructor.prototype.polluted=1').values);
      expect(inherited).toMatch(/^\{"constructor":\{"prototype":\{"polluted":"?1"?\}\}\}$/);
    }
    expect(Object.keys(apply('--set-json', 'a={"__proto__":{"polluted":1}}').values['a'] as object)).toEqual([
      '__proto__',
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('remembers its place', () => {
    const placed = apply('--set', 'a.b[1].c=1,a\\.b=2', { a: { z: 1 } });
    expect(placeAt(placed, ['a', 'b', 1, 'c'])).toBe('--set a.b[1].c');
    expect(placeAt(placed, ['a.b'])).toBe('--set a\\.b');
    expect(placeAt(placed, ['a', 'z'])).toBe('values.yaml:1:1');
    expect(placeAt(apply('--set-json', 'a={"b":{"c":1}}'), ['a', 'b', 'c'])).toBe('--set-json a');
  });

  it('answers any text with values or with an error for people', () => {
    const pieces = [
      'a',
      'b',
      '.',
      '=',
      ',',
      '[',
      ']',
      '[0]',
      '[1]',
      '{',
      '}',
      '\\',
      '"',
      ' ',
      '-',
      '0',
      '7',
      'null',
      '😀',
      '\ud800',
      '__proto__',
      '{"a":',
      '\n',
    ];
    let state = 42;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join('');
      const flag = FLAGS[random(FLAGS.length)]!;
      try {
        apply(flag, text, { a: [{ b: 1 }, null], b: { a: 'x' } });
      } catch (error) {
        if (!(error instanceof KthenaError))
          throw new Error(`${flag} ${JSON.stringify(text)} failed`, { cause: error });
        expect(error.message.startsWith(`${flag} `)).toBe(true);
      }
    }
  });
});
