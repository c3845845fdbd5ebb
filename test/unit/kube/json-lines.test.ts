import { expect, it } from 'vitest';
import { jsonLines } from '../../../src/kube/json-lines.js';

async function read(chunks: Buffer[]): Promise<unknown[]> {
  const values: unknown[] = [];
  async function* stream(): AsyncGenerator<Buffer> {
    yield* chunks;
  }
  for await (const value of jsonLines(stream())) values.push(value);
  return values;
}

it('puts lines together whatever way they are cut, even within a character', async () => {
  const bytes = Buffer.from('{"a":"ü€"}\n{"b":2}\n\n{"c":3}\n');
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(await read(chunks)).toEqual([{ a: 'ü€' }, { b: 2 }, { c: 3 }]);
  }
});

it('drops an unfinished last line', async () => {
  expect(await read([Buffer.from('{"a":1}\n{"b":')])).toEqual([{ a: 1 }]);
});
