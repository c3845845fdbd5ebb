import { describe, expect, it } from 'vitest';
import { Lanes } from '../../../src/backup/lanes.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('lanes', () => {
  it('run side by side up to their number, and hand on in order', async () => {
    let running = 0;
    let most = 0;
    const results: number[] = [];
    const lanes = new Lanes<number>(4, (result) => void results.push(result));
    for (let index = 0; index < 20; index++) {
      await lanes.add(async () => {
        most = Math.max(most, ++running);
        await sleep((index * 7) % 11);
        running--;
        return index;
      });
    }
    await lanes.drain();
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(most).toBe(4);
  });

  it('hand on what else was done before the first error is thrown', async () => {
    const results: number[] = [];
    const lanes = new Lanes<number>(8, (result) => void results.push(result));
    for (const index of [0, 1, 2, 3, 4]) {
      await lanes.add(async () => {
        await sleep(5 - index);
        if (index % 2 === 1) throw new Error(`number ${index}`);
        return index;
      });
    }
    await expect(lanes.drain()).rejects.toThrow('number 1');
    expect(results).toEqual([0, 2, 4]);
  });
});
