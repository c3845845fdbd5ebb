import { describe, expect, it } from 'vitest';
import { carriedValues, carryOver, formerDefaults } from '../../../src/values/carry.js';
import { recordedUserValues, type UserValues } from '../../../src/values/read.js';
import type { Values } from '../../../src/values/value.js';

const DEFAULTS: Values = { networking: { port: 80, limits: { cpu: 1 } }, global: { registry: '' } };

const earlier = (values: Values): UserValues => recordedUserValues(values, 'revision 1');
const later = (values: Values): UserValues => recordedUserValues(values, '--set');

function carried(before: Values, now: Values): Values {
  return carryOver(earlier(before), later(now), DEFAULTS).values;
}

describe('carryOver', () => {
  it('puts what is set now over what was set before: maps merge, everything else replaces', () => {
    expect(
      carried(
        { networking: { port: 81, args: ['a', 'b'] }, x: 1 },
        { networking: { args: ['c'], y: { z: 2 } }, x: {} },
      ),
    ).toEqual({ networking: { port: 81, args: ['c'], y: { z: 2 } }, x: {} });
  });

  it('keeps a null that removes a default, whoever set it and whenever', () => {
    expect(carried({}, { networking: { port: null } })).toEqual({ networking: { port: null } });
    expect(carried({ networking: { port: 81 } }, { networking: { port: null } })).toEqual({
      networking: { port: null },
    });
    expect(carried({ networking: { port: null } }, { networking: { limits: null } })).toEqual({
      networking: { port: null, limits: null },
    });
  });

  it('takes a value without a default out of the record with null, and maps that are empty then', () => {
    expect(carried({ networking: { labels: { a: '1', b: '2' } } }, { networking: { labels: { a: null } } })).toEqual({
      networking: { labels: { b: '2' } },
    });
    expect(carried({ networking: { labels: { a: '1' } } }, { networking: { labels: { a: null } } })).toEqual({});
    expect(carried({ networking: { labels: { a: '1' } } }, { networking: { labels: null } })).toEqual({});
  });

  it('leaves a null for the schema to judge that removes nothing anybody had set', () => {
    expect(carried({}, { unknown: null })).toEqual({ unknown: null });
  });

  it('keeps a map that was set empty', () => {
    expect(carried({ networking: { labels: {} } }, {})).toEqual({ networking: { labels: {} } });
  });

  it('can bring a default back that was removed', () => {
    expect(carried({ networking: { port: null } }, { networking: { port: 80 } })).toEqual({ networking: { port: 80 } });
  });

  it('knows where each value comes from, and passes the warnings of both on', () => {
    const before = { ...earlier({ networking: { port: 81, cpu: 1 } }), warnings: ['old'] };
    const now = { ...later({ networking: { port: 82 } }), warnings: ['new'] };
    const { placeOf, warnings } = carryOver(before, now, DEFAULTS);
    expect(placeOf(['networking', 'port'])).toBe('--set');
    expect(placeOf(['networking', 'cpu'])).toBe('revision 1');
    expect(placeOf(['global'])).toBeUndefined();
    expect(warnings).toEqual(['old', 'new']);
  });

  it('treats keys that objects inherit as data', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"a":1}}') as Values;
    expect(JSON.stringify(carried(hostile, {}))).toBe(JSON.stringify(hostile));
    expect(JSON.stringify(carried({}, hostile))).toBe(JSON.stringify(hostile));
    expect(carriedValues(earlier({}), later(hostile))).toEqual({});
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('carriedValues', () => {
  const kept = (before: Values, now: Values): Values => carriedValues(earlier(before), later(now));

  it('are those of before that nothing set now replaces', () => {
    const before = { networking: { port: 81, labels: { a: '1', b: '2' } }, global: { registry: 'r' } };
    expect(kept(before, { networking: { labels: { b: '3' } } })).toEqual({
      networking: { port: 81, labels: { a: '1' } },
      global: { registry: 'r' },
    });
  });

  it('are none of what is set as a whole now, removed, or was not set at all', () => {
    expect(kept({ a: { b: 1 } }, { a: null })).toEqual({});
    expect(kept({ a: { b: 1 } }, { a: 'text' })).toEqual({});
    expect(kept({ a: { b: 1 } }, { a: { b: 1 } })).toEqual({});
    expect(kept({ a: 1 }, { a: { b: 1 } })).toEqual({});
    expect(kept({}, { a: 1 })).toEqual({});
  });

  it('have the null that removes a default', () => {
    expect(kept({ networking: { port: null } }, {})).toEqual({ networking: { port: null } });
  });
});

describe('formerDefaults', () => {
  it('are the defaults of before that are others now', () => {
    const before = { a: 1, map: { b: 1, c: 1 }, list: [1], same: { x: [1] } };
    const now = { a: 2, map: { b: 1, c: 2 }, list: [1, 2], same: { x: [1] } };
    expect(formerDefaults(before, now)).toEqual({ a: 1, map: { c: 1 }, list: [1] });
  });

  it('have nothing that there is no default for any more, nor what is new', () => {
    expect(formerDefaults({ gone: 1, map: { gone: 1 } }, { new: 1, map: { new: 1 } })).toEqual({});
  });

  it('are whole where a map became something else, or the other way', () => {
    expect(formerDefaults({ a: { b: 1 }, c: '' }, { a: '', c: { d: 1 } })).toEqual({ a: { b: 1 }, c: '' });
  });
});
