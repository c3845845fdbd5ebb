import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import type { Check, CheckContext, Finding, Subject } from '../../../src/preflight/check.js';
import { checksFor } from '../../../src/preflight/checks.js';
import { CHECK_IDS, type CheckId } from '../../../src/preflight/ids.js';
import { runChecks, type CheckResult } from '../../../src/preflight/run.js';

const hint = 'Do something.';
const finding = (severity: Finding['severity']): Finding => ({ severity, seen: 'something', hint });

function check(id: CheckId, run: () => Promise<Finding[]>): Check {
  return { id, title: id, when: 'always', run };
}
const found = (id: CheckId, ...severities: Finding['severity'][]): Check =>
  check(id, () => Promise.resolve(severities.map(finding)));
const failing = (id: CheckId, error: Error): Check => check(id, () => Promise.reject(error));

function run(checks: Check[], skip: CheckId[] = []): Promise<CheckResult[]> {
  return runChecks(checks, skip, {} as Subject, {} as CheckContext);
}

describe('the checks', () => {
  it('have the status of their worst finding', async () => {
    const results = await run([
      found('server'),
      found('rights', 'info'),
      found('namespace', 'info', 'warning'),
      found('objects', 'warning', 'error', 'info'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed', 'warning', 'failed']);
  });

  it('that are left out are not run, but listed', async () => {
    const [result] = await run([failing('redis', new Error('was run'))], ['redis']);
    expect(result).toEqual({ id: 'redis', title: 'redis', status: 'skipped', findings: [] });
  });

  it('run side by side', async () => {
    let release = (): void => undefined;
    const first = check('server', () => new Promise((resolve) => (release = () => resolve([]))));
    const second = check('rights', () => Promise.resolve((release(), [])));
    expect(await run([first, second])).toHaveLength(2);
  });

  it('warn of what they may not look at', async () => {
    const [result] = await run([failing('crds', new KthenaError('forbidden', 'refused to read it (403).'))]);
    expect(result).toMatchObject({
      status: 'warning',
      findings: [{ seen: 'this could not be looked at: refused to read it (403)' }],
    });
  });

  it.each(['unreachable', 'unauthorized'] as const)(
    'are skipped where the server answers %s, but for that one',
    async (code) => {
      const error = new KthenaError(code, 'nothing there.', { hint });
      const results = await run([failing('server', error), failing('rights', error), found('redis')]);
      expect(results.map(({ status }) => status)).toEqual(['failed', 'skipped', 'passed']);
      expect(results[0]!.findings).toEqual([{ severity: 'error', seen: 'nothing there', hint }]);
    },
  );

  it('fail where the server does not answer and nobody would say so', async () => {
    const error = new KthenaError('unreachable', 'nothing there');
    await expect(run([failing('server', error), failing('rights', error)], ['server'])).rejects.toBe(error);
  });

  it('do not hide a defect, nor that they were stopped', async () => {
    await expect(run([failing('redis', new TypeError('x is undefined'))])).rejects.toThrow('x is undefined');
    const stopped = new KthenaError('interrupted', 'stopped');
    await expect(run([failing('redis', stopped)])).rejects.toBe(stopped);
  });

  it.each(['before', 'after'] as const)('of a phase stand in the order of their ids (%s)', (phase) => {
    const ids = checksFor(phase).map(({ id }) => id);
    expect(ids).toEqual(CHECK_IDS.filter((id) => ids.includes(id)));
  });
});
