import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/preflight/check.js';
import type { CheckResult } from '../../../src/preflight/run.js';
import { presentCheck } from '../../../src/report/check.js';

const release = { name: 'kthena', namespace: 'team' };
const plain = new Chalk({ level: 0 });
const hint = 'Do something.';

function result(id: CheckResult['id'], status: CheckResult['status'], ...findings: Finding[]): CheckResult {
  return { id, title: `about ${id}`, status, findings };
}

const text = (results: CheckResult[], style = plain): string =>
  presentCheck({ release, phase: 'before', results }, style, 'text');

describe('the report of the checks', () => {
  it('has a line for each check, and says that nothing is wrong', () => {
    expect(text([result('server', 'passed'), result('crds', 'passed'), result('redis', 'skipped')])).toBe(
      [
        'Release kthena in namespace team: before an install or upgrade.',
        '',
        '✓ server  about server',
        '✓ crds    about crds',
        '– redis   about redis (skipped)',
        '',
        '2 checks: nothing is wrong.',
        '',
      ].join('\n'),
    );
  });

  it('shows each finding with its object and its hint, and what can be applied behind them, from the margin', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'team', name: 'a' };
    const findings: Finding[] = [
      { severity: 'error', object, seen: 'is missing\nfor long', hint, manifest: 'kind: ConfigMap\n' },
      { severity: 'warning', object, seen: 'ConfigMap/team/a: is odd', hint },
    ];
    expect(
      text([result('objects', 'failed', ...findings)])
        .split('\n')
        .slice(2),
    ).toEqual([
      '✗ objects  about objects',
      '    error: ConfigMap/team/a: is missing',
      '      for long',
      '      Hint: Do something.',
      '    warning: ConfigMap/team/a: is odd',
      '      Hint: Do something.',
      '',
      'kind: ConfigMap',
      '',
      '',
      '1 check: 1 error, 1 warning.',
      '',
    ]);
  });

  it('shows what an info says, though nothing is wrong', () => {
    const shown = text([result('volcano', 'passed', { severity: 'info', seen: 'it is there', hint })]);
    expect(shown).toContain('✓ volcano');
    expect(shown).toContain('info: it is there');
    expect(shown).toContain('nothing is wrong');
  });

  it('has colours where they are wanted, and escapes those of others', () => {
    const finding: Finding = { severity: 'error', seen: 'said \u001b[31mred', hint };
    const results = [result('webhooks', 'failed', finding)];
    expect(text(results, new Chalk({ level: 1 }))).toContain('\u001b[31m✗');
    expect(text(results)).toContain('said \\u001b[31mred');
  });

  it('is the same for scripts in every language of data', () => {
    const results = [result('server', 'passed'), result('rights', 'warning', { severity: 'warning', seen: 'x', hint })];
    const report = { release, phase: 'after', results } as const;
    expect(JSON.parse(presentCheck(report, plain, 'json'))).toEqual({
      release,
      phase: 'after',
      summary: { errors: 0, warnings: 1 },
      checks: results,
    });
  });
});
