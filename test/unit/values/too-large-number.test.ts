import { describe, expect, it } from 'vitest';
import { readUserValues } from '../../../src/values/read.js';

const read = (setJson: string): Promise<unknown> =>
  readUserValues(
    { files: [], setJson: [setJson], set: [], setString: [], setFile: [], setLiteral: [] },
    { readStdin: () => Promise.resolve('') },
  );

describe('a number of --set-json that is too large for a number', () => {
  it.each(['a=1e400', 'a=[1,{"b":-1e999}]', '{"a":{"b":1e400}}'])('%s: is refused', async (text) => {
    await expect(read(text)).rejects.toThrow('a number is too large');
  });

  it('is no other number', async () => {
    await expect(read('a=1e300')).resolves.toMatchObject({ values: { a: 1e300 } });
  });
});
