import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { read, root } from './markdown.js';

const messages = [...read('docs/troubleshooting.md').matchAll(/^### (.+)$/gm)].map(([, heading]) => heading!);

const source = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => read(`src/${path}`))
  .join('\n');

describe('the messages in docs/troubleshooting.md', () => {
  it('are found', () => {
    expect(messages.length).toBeGreaterThan(20);
  });

  it.each(messages)('%s: is one of the program', (message) => {
    const parts = message.split('…').map((part) =>
      part
        .trim()
        .replace(/^[";:.]+|[";:]+$/g, '')
        .trim(),
    );
    const missing = parts.filter((part) => !source.includes(part));
    expect(missing).toEqual([]);
  });
});
