import { describe, expect, it } from 'vitest';
import { checksPassed } from '../../../src/actions/checks-before.js';
import { KthenaError } from '../../../src/errors.js';
import type { ProgressEvent } from '../../../src/events.js';
import type { Finding } from '../../../src/preflight/check.js';
import type { CheckResult } from '../../../src/preflight/run.js';

const hint = 'Mend it.';
const error = (seen: string, parts: Partial<Finding> = {}): Finding => ({ severity: 'error', seen, hint, ...parts });
const warning = (seen: string): Finding => ({ severity: 'warning', seen, hint });

function result(id: CheckResult['id'], ...findings: Finding[]): CheckResult {
  const failed = findings.some(({ severity }) => severity === 'error');
  return { id, title: id, status: failed ? 'failed' : findings.length > 0 ? 'warning' : 'passed', findings };
}

/** What comes of an install with these results, and a plan that is refused for this. */
async function outcome(
  results: CheckResult[] | undefined,
  refusal?: KthenaError,
): Promise<{ thrown: unknown; events: ProgressEvent[] }> {
  const events: ProgressEvent[] = [];
  const checking = results === undefined ? undefined : Promise.resolve(results);
  const refuse = () => (refusal === undefined ? Promise.resolve() : Promise.reject(refusal));
  const thrown: unknown = await checksPassed(
    'install',
    checking,
    { emit: (event) => events.push(event) },
    refuse,
  ).catch((reason: unknown) => reason);
  return { thrown, events };
}

describe('the checks before an install', () => {
  it('let it go on where there is no error, and show what they warn of', async () => {
    const info: Finding = { severity: 'info', seen: 'fine', hint };
    expect(await outcome([result('server'), result('redis', warning('no password'), info)])).toEqual({
      thrown: undefined,
      events: [{ type: 'warning', message: 'redis: no password\nMend it.' }],
    });
    expect(await outcome(undefined)).toEqual({ thrown: undefined, events: [] });
  });

  it('stop it with every error, its hint, the way around it and what can be applied', async () => {
    const found = [
      result('rights', error('no rights', { manifest: 'kind: Role\n' }), warning('fewer rights')),
      result('namespace', error('too small', { manifest: 'kind: ResourceQuota\n' })),
    ];
    const { thrown, events } = await outcome(found);
    expect(thrown).toMatchObject({
      code: 'conflict',
      message: 'this install would not end well; nothing was written',
      details: ['rights: no rights\nMend it.', 'namespace: too small\nMend it.'],
      hint: expect.stringContaining('--skip-checks=rights,namespace') as string,
      manifest: 'kind: Role\n---\nkind: ResourceQuota\n',
    });
    expect(events).toEqual([]);
  });

  it('add their errors to what the plan is refused for, and repeat nothing of it', async () => {
    const refusal = new KthenaError('conflict', 'refused', {
      details: ['ClusterRole/a: is foreign'],
      hint: 'Adopt it.',
    });
    const found = [
      result('objects', error('ClusterRole/a: is foreign')),
      result('crds', error('refused\nCustomResourceDefinition/x')),
      result('rights', error('no rights')),
    ];
    expect((await outcome(found, refusal)).thrown).toMatchObject({
      message: 'refused',
      details: ['ClusterRole/a: is foreign', 'rights: no rights\nMend it.'],
      hint: 'Adopt it.',
    });
    expect((await outcome(found.slice(0, 2), refusal)).thrown).toBe(refusal);
  });

  it('do not keep anybody who stopped it, or a defect', async () => {
    const stopped = new KthenaError('interrupted', 'stopped');
    const never = new Promise<CheckResult[]>(() => undefined);
    const refuse = () => Promise.reject(stopped);
    await expect(checksPassed('install', never, { emit: () => undefined }, refuse)).rejects.toBe(stopped);
  });
});
