import { describe, expect, it } from 'vitest';
import { coerceNumbers } from '../../../src/values/coerce.js';

const schema = {
  type: 'object',
  properties: {
    weight: { type: 'number' },
    replicas: { type: 'integer' },
    tag: { type: 'string' },
    free: { type: 'object' },
  },
};

describe('coerceNumbers', () => {
  it('makes a number of the text that --set gives where the schema wants one', () => {
    expect(coerceNumbers({ weight: '1.5' }, schema, () => true)).toEqual({ weight: 1.5 });
  });

  it('leaves texts alone that are to be texts, or are no numbers', () => {
    const values = { tag: '1.5', weight: 'much', free: { a: '1.5' }, unknown: '2' };
    expect(coerceNumbers(values, schema, () => true)).toEqual(values);
  });

  it('leaves a quoted number in a file alone, for the schema to refuse', () => {
    expect(coerceNumbers({ weight: '1.5' }, schema, () => false)).toEqual({ weight: '1.5' });
  });

  it('leaves an integer that is written as a fraction for the schema to refuse', () => {
    expect(coerceNumbers({ replicas: '1.5' }, schema, () => true)).toEqual({ replicas: '1.5' });
  });
});
