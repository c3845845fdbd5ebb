import { describe, expect, it } from 'vitest';
import { differencesFromDefaults, mergeUserValues, mergeValues } from '../../../src/values/merge.js';
import type { Values } from '../../../src/values/value.js';

const hostile = (): Values =>
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}') as Values;

describe('mergeValues', () => {
  const defaults: Values = { a: 1, map: { b: 2, c: { d: 3 } }, list: [1, 2], text: 'x' };

  it('merges maps and replaces everything else', () => {
    expect(mergeValues(defaults, { map: { c: { e: 4 } }, list: [3], text: { y: 1 }, new: { z: 1 } })).toEqual({
      a: 1,
      map: { b: 2, c: { d: 3, e: 4 } },
      list: [3],
      text: { y: 1 },
      new: { z: 1 },
    });
  });

  it('removes what the user sets to null, and with it the default', () => {
    expect(mergeValues(defaults, { a: null, map: { c: null }, unknown: null, new: { z: null, k: 1 } })).toEqual({
      map: { b: 2 },
      list: [1, 2],
      text: 'x',
      new: { k: 1 },
    });
  });

  it('takes lists as they are', () => {
    expect(mergeValues(defaults, { list: [null, { a: null }] })['list']).toEqual([null, { a: null }]);
  });

  it('lets a text take the place of a map, for the schema to refuse', () => {
    expect(mergeValues(defaults, { map: 'x' })['map']).toBe('x');
  });

  it('changes neither argument', () => {
    const user: Values = { map: { c: { d: null } } };
    const before = JSON.stringify([defaults, user]);
    mergeValues(defaults, user);
    expect(JSON.stringify([defaults, user])).toBe(before);
  });

  it('treats keys that objects inherit as data', () => {
    const merged = mergeValues({ a: 1 }, hostile());
    expect(JSON.stringify(merged)).toBe(
      '{"a":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}',
    );
    expect(mergeValues(hostile(), { ['__proto__']: null, constructor: null })).toEqual({});
    expect(merged['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('mergeUserValues', () => {
  it('keeps every null', () => {
    expect(mergeUserValues({ a: null, b: { c: 1 }, d: 1 }, { b: { c: null, e: 2 }, d: null })).toEqual({
      a: null,
      b: { c: null, e: 2 },
      d: null,
    });
  });
});

describe('differencesFromDefaults', () => {
  const defaults: Values = { a: 1, map: { b: 2, c: { d: 3 } }, list: [1, { e: 2 }], empty: {} };

  it('is empty for the defaults', () => {
    expect(differencesFromDefaults(defaults, mergeValues(defaults, {}))).toEqual({});
    expect(differencesFromDefaults(defaults, mergeValues(defaults, { list: [1, { e: 2 }], map: { b: 2 } }))).toEqual(
      {},
    );
  });

  it.each<Values>([
    { a: 2 },
    { a: null },
    { map: { c: { d: null } } },
    { map: { c: null } },
    { list: [1, { e: 3 }] },
    { empty: { k: 'v' } },
    { map: 'x', new: { deep: [] } },
    hostile(),
  ])('is the least that makes the values again: %j', (user) => {
    const effective = mergeValues(defaults, user);
    const differences = differencesFromDefaults(defaults, effective);
    expect(JSON.stringify(differences)).toBe(JSON.stringify(user));
    expect(mergeValues(defaults, differences)).toEqual(effective);
  });
});
