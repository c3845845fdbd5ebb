import { inject, beforeAll, describe, expect, it } from 'vitest';
import { CHECK_IDS } from '../../../src/preflight/ids.js';
import type { CheckResult } from '../../../src/preflight/run.js';
import { connect, type CommandResult } from '../../cluster/index.mjs';
import { runKthena } from '../install/program.js';

const cluster = connect(inject('cluster'));
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });

async function report(...args: string[]): Promise<{ code: number; checks: CheckResult[] }> {
  const { stdout, stderr, code } = await kthena('check', '--pre', '-o', 'json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { code, checks: (JSON.parse(stdout) as { checks: CheckResult[] }).checks };
}

/** One of which pod security refuses the pods. */
let restricted: string;

beforeAll(async () => {
  restricted = await cluster.newNamespace('restricted');
  await cluster.kubectl(['label', 'namespace', restricted, 'pod-security.kubernetes.io/enforce=restricted']);
});

describe('kthena check', () => {
  it('ends with 0 where no error is found, and with 1 where one is', async () => {
    const fine = await report();
    expect(fine.code).toBe(0);
    expect(fine.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    const wrong = await report('-n', restricted);
    expect(wrong.code).toBe(1);
    expect(wrong.checks.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['namespace']);
  });

  it('shows what was seen and what to do, without colours in a pipe', async () => {
    const { stdout } = await kthena('check', '--pre', '-n', restricted, '--skip-checks=rights,crds');
    expect(stdout).toMatch(/^✓ server +the API server and its version$/m);
    expect(stdout).toMatch(/^– rights +what the user may do \(skipped\)$/m);
    expect(stdout).toMatch(
      /^✗ namespace .*\n {4}error: Deployment\/.*\/kthena-router: its pods would be refused: .*\n {6}Hint: Give the containers/m,
    );
    expect(stdout).toMatch(/^\d+ checks: 2 errors, 0 warnings\.$/m);
    expect(stdout).not.toContain('\u001b');
  });

  it('leaves out the checks that are named, and refuses names that are none', async () => {
    const { code, checks } = await report('-n', restricted, '--skip-checks=namespace', '--skip-checks', 'redis');
    expect(code).toBe(0);
    expect(checks.find(({ id }) => id === 'namespace')).toMatchObject({ status: 'skipped', findings: [] });
    const { stderr } = await kthena('check', '--skip-checks=namespce');
    expect(stderr).toContain('Did you mean namespace?');
  });

  it('takes values only for what is to be installed', async () => {
    const { stderr, code } = await kthena('check', '--set', 'workload.enabled=false');
    expect(code).toBe(1);
    expect(stderr).toContain('--set is only for --pre');
  });

  it('without --pre needs a release, and says where to look', async () => {
    const { stderr, code } = await kthena('check', 'absent');
    expect(code).toBe(1);
    expect(stderr).toContain('release absent not found');
    expect(stderr).toContain('kthena check --pre');
  });
});

describe('the check of the server', () => {
  it.each([
    ['does not answer', ['--kube-apiserver', 'https://127.0.0.1:1'], /refuses connections$/],
    ['does not accept the credentials', ['--kube-token', 'wrong'], /does not accept the credentials/],
  ])('finds that it %s, and the others are skipped', async (_, flags, seen) => {
    const { code, checks } = await report(...flags);
    expect(code).toBe(1);
    const [server, ...others] = checks;
    expect(server).toMatchObject({ id: 'server', status: 'failed', findings: [{ severity: 'error' }] });
    expect(server!.findings[0]!.seen).toMatch(seen);
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['skipped']));
  });

  it('is silent for the control plane of the tests', async () => {
    const [server] = (await report()).checks;
    expect(server).toMatchObject({ id: CHECK_IDS[0], status: 'passed', findings: [] });
  });
});

describe('kthena install', () => {
  it.each([['--dry-run'], ['--no-wait']])('%s: is stopped by an error of a check before it writes', async (flag) => {
    const { stderr, code } = await kthena('install', flag, '-n', restricted);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Error: this install would not end well; nothing was written\n {2}namespace: Deployment\//m,
    );
    expect(stderr).toMatch(/^Hint: .*--skip-checks=namespace\.$/m);
    const { stdout } = await cluster.kubectl(['get', 'secrets,leases,deployments', '-n', restricted, '-o', 'name']);
    expect(stdout).toBe('');
  });

  it('goes on without the check', async () => {
    expect(await kthena('install', '--dry-run', '-n', restricted, '--skip-checks=namespace')).toMatchObject({
      code: 0,
    });
  });
});
