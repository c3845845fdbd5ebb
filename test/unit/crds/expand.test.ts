import { describe, expect, it } from 'vitest';
import { expand } from '../../../scripts/crds/expand.mjs';
import { orderKeywords } from '../../../scripts/crds/schema.mjs';

const library = {
  scalars: {
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    endpoint: { type: 'object', required: ['port'], properties: { port: { $ref: 'scalars#/port' } } },
  },
  loop: {
    a: { items: { $ref: 'loop#/b' } },
    b: { $ref: 'loop#/a' },
  },
};

describe('expand', () => {
  it('replaces a reference, and those within it, by what they refer to', () => {
    expect(expand({ items: { $ref: 'scalars#/endpoint' } }, library)).toEqual({
      items: {
        type: 'object',
        required: ['port'],
        properties: { port: { type: 'integer', minimum: 1, maximum: 65535 } },
      },
    });
  });

  it('expands inside lists', () => {
    expect(expand([{ $ref: 'scalars#/port' }, 'text'], library)).toEqual([library.scalars.port, 'text']);
  });

  it('lets a key beside the reference win', () => {
    expect(expand({ $ref: 'scalars#/port', minimum: 1024 }, library)).toEqual({
      type: 'integer',
      minimum: 1024,
      maximum: 65535,
    });
  });

  it('merges maps and replaces lists', () => {
    const source = { $ref: 'scalars#/endpoint', required: ['host'], properties: { host: { type: 'string' } } };
    expect(expand(source, library)).toEqual({
      type: 'object',
      required: ['host'],
      properties: { port: library.scalars.port, host: { type: 'string' } },
    });
  });

  it('leaves definitions as they are', () => {
    const before = structuredClone(library);
    expand({ $ref: 'scalars#/endpoint', properties: { port: { default: 80 } } }, library);
    expect(library).toEqual(before);
  });

  it.each(['scalars#/host', 'nowhere#/port', 'scalars'])('refuses %s, which leads nowhere', (reference) => {
    expect(() => expand({ $ref: reference }, library)).toThrow(`unknown reference ${reference}`);
  });

  it('refuses a circular reference and shows the circle', () => {
    expect(() => expand({ $ref: 'loop#/a' }, library)).toThrow('circular reference loop#/a → loop#/b → loop#/a');
  });
});

describe('orderKeywords', () => {
  it('orders keywords at every level and keeps the order of properties', () => {
    const ordered = orderKeywords({
      properties: { type: { format: 'int32', type: 'integer' }, description: { type: 'string', description: 'Text.' } },
      type: 'object',
    });
    expect(JSON.stringify(ordered)).toBe(
      '{"type":"object","properties":{"type":{"type":"integer","format":"int32"},' +
        '"description":{"description":"Text.","type":"string"}}}',
    );
  });

  it('refuses a keyword it does not know', () => {
    expect(() => orderKeywords({ properties: { port: { minumum: 1 } } })).toThrow('port: unknown keyword minumum');
  });
});
