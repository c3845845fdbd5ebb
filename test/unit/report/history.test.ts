import { describe, expect, it } from 'vitest';
import { presentHistory } from '../../../src/report/history.js';
import { decodeRelease } from '../../../src/release/codec.js';
import { helmRecord, sampleRelease } from '../release/samples.js';

const byHelm = decodeRelease(Buffer.from(JSON.stringify(helmRecord())).toString('base64'), 'x');
const history = [
  sampleRelease({ revision: 1, status: 'superseded' }),
  sampleRelease({ revision: 2, status: 'failed', description: 'Install failed: not ready\n  more\n' }),
  byHelm,
];

describe('a history', () => {
  it('is a table for people', () => {
    expect(presentHistory(history, 'text')).toBe(
      [
        'REVISION  UPDATED                              STATUS      CHART         APP VERSION  MADE BY  DESCRIPTION',
        '1         2025-03-04T05:06:07.089Z             superseded  kthena-1.0.0  1.0.0        kthena   Install complete',
        '2         2025-03-04T05:06:07.089Z             failed      kthena-1.0.0  1.0.0        kthena   Install failed: not ready',
        '3         2025-01-02T03:04:05.123456789+01:00  deployed    kthena-1.0.0  1.0.0        helm     Install complete',
        '',
      ].join('\n'),
    );
  });

  it('is a list for scripts, with nothing cut off', () => {
    const rows = JSON.parse(presentHistory(history, 'json')) as unknown[];
    expect(rows[1]).toEqual({
      revision: 2,
      updated: '2025-03-04T05:06:07.089Z',
      status: 'failed',
      chart: 'kthena-1.0.0',
      appVersion: '1.0.0',
      description: 'Install failed: not ready\n  more\n',
      madeBy: 'kthena',
    });
    expect(presentHistory(history, 'yaml')).toContain('- revision: 3\n');
  });
});
