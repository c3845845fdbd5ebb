import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { liveProgress } from '../../../src/report/live-progress.js';

const ESCAPES = /\u001b\[[\d;?]*[A-Za-z]/g;

/** What is written to a terminal of this size while 12 objects with long names are waited for. */
function screenOf(columns: number, rows: number): string {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  Object.assign(stream, {
    isTTY: true,
    columns,
    rows,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  const progress = liveProgress(stream as unknown as NodeJS.WriteStream, { NO_COLOR: '1' });
  progress.emit({ type: 'step', message: `Waiting for ${'very '.repeat(30)}many objects to be ready` });
  for (let number = 0; number < 12; number++) {
    const ref = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'n'.repeat(63),
      name: `${'long-'.repeat(30)}${number}`,
    };
    const message = `Back-off pulling image\n${'registry.example.com/'.repeat(10)}\u001b[2J`;
    progress.emit({ type: 'readiness', ref, ready: false, message });
  }
  text = '';
  progress.emit({ type: 'step', message: `Removing ${'x'.repeat(200)}` });
  progress.emit({ type: 'count', what: `Reading ${'y'.repeat(200)}`, done: 3, total: 9 });
  for (let number = 0; number < 12; number++) {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'a', name: `${'p'.repeat(200)}${number}` };
    progress.emit({ type: 'readiness', ref, ready: false, message: 'm\n'.repeat(90) });
  }
  text = '';
  progress.emit({ type: 'warning', message: 'short' });
  progress.stop();
  return text.replaceAll(ESCAPES, '');
}

describe('the moving display', () => {
  it.each([
    [80, 24],
    [60, 20],
    [40, 10],
    [20, 6],
  ])('has no line that wraps and no more lines than fit into %i × %i', (columns, rows) => {
    // Each picture begins with the spinner; the last one counts.
    const lines = screenOf(columns, rows)
      .split(/(?=[\u2800-\u28ff])/)
      .at(-1)!
      .split('\n');
    expect(lines.filter((line) => line.length >= columns)).toEqual([]);
    expect(lines.length).toBeLessThan(rows);
    expect(lines.join('\n')).toContain('Removing');
  });
});
