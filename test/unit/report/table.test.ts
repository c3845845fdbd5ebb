import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../src/report/table.js';

const HEADER = ['STATE', 'OBJECT', 'MESSAGE'];
const ROWS = [
  ['ready', 'Service/a/web', ''],
  ['failed', 'Deployment/a/web', 'the image cannot be pulled from anywhere at all'],
];

/** The widest line. */
function widest(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

describe('formatTable', () => {
  it('cuts nothing off where there is no terminal', () => {
    const text = formatTable(HEADER, ROWS);
    expect(text).toContain('failed  Deployment/a/web  the image cannot be pulled from anywhere at all\n');
    expect(formatTable(HEADER, ROWS, 200)).toBe(text);
  });

  it('wraps the last column on a terminal that is too narrow', () => {
    expect(formatTable(HEADER, ROWS, 52)).toBe(
      [
        'STATE   OBJECT            MESSAGE',
        'ready   Service/a/web',
        'failed  Deployment/a/web  the image cannot be pulled',
        '                          from anywhere at all',
        '',
      ].join('\n'),
    );
  });

  it('puts it below the others where there is no room beside them', () => {
    const text = formatTable(HEADER, ROWS, 40);
    expect(text).toBe(
      'ready   Service/a/web\nfailed  Deployment/a/web\n    the image cannot be pulled from anywhere at all\n',
    );
  });

  it('gives each column a line where there are many', () => {
    const text = formatTable(
      ['NAME', 'KIND', 'STATE', 'MADE BY'],
      [['long-name-of-it', 'Deployment', 'ready', 'kthena']],
      20,
    );
    expect(text).toBe('NAME     long-name-of-it\nKIND     Deployment\nSTATE    ready\nMADE BY  kthena\n');
    expect(widest(text)).toBeLessThan(25);
  });

  it('lets no cell write on the screen', () => {
    expect(formatTable(['A', 'B'], [['x\u001b[2J', 'one\n\ttwo\u009b31m']])).toBe(
      'A           B\nx\\u001b[2J  one two\\u009b31m\n',
    );
  });
});
