import { describe, expect, it } from 'vitest';
import { withoutFields } from '../../../src/plan/managed-fields.js';

const CONTAINERS = {
  spec: {
    replicas: 2,
    containers: [
      { name: 'a', image: 'x', tty: true },
      { name: 'b', image: 'y' },
    ],
    finalizers: ['one', 'two'],
  },
};

describe('withoutFields', () => {
  it('takes out a field that nobody holds any more', () => {
    expect(
      withoutFields({ spec: { a: 1, b: 2 } }, { 'f:spec': { 'f:a': {}, 'f:b': {} } }, { 'f:spec': { 'f:b': {} } }),
    ).toEqual({
      spec: { b: 2 },
    });
  });

  it('takes a whole item of a list, or a field of it', () => {
    const given = {
      'f:spec': {
        'f:containers': {
          'k:{"name":"a"}': { '.': {}, 'f:tty': {}, 'f:name': {} },
          'k:{"name":"b"}': { '.': {}, 'f:image': {} },
        },
      },
    };
    const held = { 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } } };
    expect(withoutFields(CONTAINERS, given, held)).toEqual({
      spec: { ...CONTAINERS.spec, containers: [{ name: 'a', image: 'x' }] },
    });
  });

  it('takes an item of a set', () => {
    const given = { 'f:spec': { 'f:finalizers': { 'v:"one"': {}, 'v:"two"': {} } } };
    const held = { 'f:spec': { 'f:finalizers': { 'v:"two"': {} } } };
    expect(withoutFields(CONTAINERS, given, held)).toEqual({ spec: { ...CONTAINERS.spec, finalizers: ['two'] } });
  });

  it('leaves a map that somebody else has something in', () => {
    const given = { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } };
    const held = { 'f:metadata': { 'f:labels': { 'f:b': {} } } };
    const value = { metadata: { labels: { a: '1', b: '2' } } };
    expect(withoutFields(value, given, held)).toEqual({ metadata: { labels: { b: '2' } } });
  });

  it('takes a map whole once nobody holds anything in it, as server-side apply records one without a dot', () => {
    const given = { 'f:spec': { 'f:name': {}, 'f:lifecycle': { 'f:preStop': { 'f:exec': { 'f:command': {} } } } } };
    const value = { spec: { name: 'a', lifecycle: { preStop: { exec: { command: ['true'] } } } } };
    expect(withoutFields(value, given, { 'f:spec': { 'f:name': {} } })).toEqual({ spec: { name: 'a' } });
  });

  it('passes over what is not there', () => {
    expect(withoutFields({ a: 1 }, { 'f:b': { 'k:{"name":"x"}': {} } }, {})).toEqual({ a: 1 });
  });
});
