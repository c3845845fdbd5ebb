import { describe, expect, it } from 'vitest';
import { ItemSplitter } from '../../../src/backup/json-items.js';
import { NASTY_TEXTS } from './samples.js';

const ITEMS = [
  { metadata: { name: 'a', list: [{ items: [{}] }] }, text: '}],"items":[{' },
  { metadata: { name: 'b' }, texts: NASTY_TEXTS.filter((text) => text !== '\ud800') },
  {},
  { metadata: { name: 'Ωμέγα 🦙', quote: '\\"', end: '\\' } },
];
const METADATA = { continue: 'token', remainingItemCount: 3, resourceVersion: '7', list: [[{ not: 'an item' }]] };

function split(text: string, size: number): { items: unknown[]; envelope: unknown } {
  const bytes = Buffer.from(text);
  const splitter = new ItemSplitter();
  const items: unknown[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    items.push(...splitter.push(bytes.subarray(at, at + size)).map((item) => JSON.parse(item) as unknown));
  }
  return { items, envelope: splitter.envelope() };
}

describe('a list', () => {
  const first = JSON.stringify({ apiVersion: 'v1', items: ITEMS, kind: 'List', metadata: METADATA });
  const last = JSON.stringify({ metadata: METADATA, items: ITEMS, kind: 'List' }, null, 2);

  it.each([1, 2, 3, 7, 64, 1 << 20])('is cut into its items, %i bytes at a time', (size) => {
    for (const text of [first, last]) {
      const { items, envelope } = split(text, size);
      expect(items).toEqual(ITEMS);
      expect(envelope).toMatchObject({ kind: 'List', metadata: METADATA, items: [0, 0, 0, 0] });
    }
  });

  it('may have no items', () => {
    expect(split('{"items":[],"metadata":{}}', 5)).toEqual({ items: [], envelope: { items: [], metadata: {} } });
    expect(split('{"items":null,"metadata":{}}', 5)).toEqual({ items: [], envelope: { items: null, metadata: {} } });
  });

  it('is told from one that breaks off, and from something else', () => {
    for (const text of [first.slice(0, -1), first.slice(0, 80), '<html></html>', '']) {
      expect(() => split(text, 16)).toThrow(SyntaxError);
    }
  });
});
