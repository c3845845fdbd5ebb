import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { formatError } from '../../../src/report/error.js';
import { presentHistory } from '../../../src/report/history.js';
import { printable } from '../../../src/report/printable.js';
import { lineProgress } from '../../../src/report/progress.js';
import { styleFor } from '../../../src/report/style.js';
import type { Release } from '../../../src/release/release.js';

const CLEAR = '\u001b[2J';

describe('text of others', () => {
  it('keeps letters, lines and tabs, and shows what would move the cursor or turn the text around', () => {
    expect(printable('grün\n\tändert 漢')).toBe('grün\n\tändert 漢');
    expect(printable(`a${CLEAR}b\u0007\r\u009bm\u202ec`)).toBe('a\\u001b[2Jb\\u0007\\u000d\\u009bm\\u202ec');
  });

  it('is shown so in errors', () => {
    const error = new KthenaError('failed', `no ${CLEAR}`, { details: [`x ${CLEAR}`], hint: `do ${CLEAR}` });
    expect(formatError(error, styleFor({}, {}), false)).not.toContain('\u001b');
  });

  it('is shown so in the history of a release', () => {
    const release = {
      name: 'kthena',
      namespace: 'kthena-system',
      version: 1,
      info: { status: 'deployed', description: `done ${CLEAR}`, last_deployed: '' },
      chart: { metadata: { name: 'kthena', version: '1.0.0' } },
    } as unknown as Release;
    expect(presentHistory([release], 'text')).toContain('done \\u001b[2J');
  });

  it('is shown so while waiting', () => {
    let text = '';
    const stream = { write: (part: string) => (text += part) } as unknown as NodeJS.WritableStream;
    const ref = { apiVersion: 'v1', kind: 'Pod', name: 'a' };
    lineProgress(stream, {}).emit({ type: 'readiness', ref, ready: false, message: `oh ${CLEAR}` });
    expect(text).toBe('  Pod/a oh \\u001b[2J\n');
  });
});
