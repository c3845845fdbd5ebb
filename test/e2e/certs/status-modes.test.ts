import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { mustRun, runKthena } from '../install/program.js';
import { standInForCertManager } from './cert-manager.js';
import { installCertManagerCrds } from './cert-manager-kinds.js';
import { keyPairFrom, MANAGER, ROUTER } from './served.js';
import { holdsKey } from './setup.js';

let cluster: ControlPlane;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane();
  await installCertManagerCrds(cluster);
});
afterAll(() => cluster.stop());
afterEach(async () => {
  await must('uninstall', '--wait');
  await cluster.kubectl(['delete', 'secrets', '--all', '-n', 'kthena-system']);
});

/** The state of each certificate, and that no key is shown. */
async function states(): Promise<{ code: number; states: [string, string, string][] }> {
  const { code, stdout, stderr } = await kthena('certs', 'status', '-o', 'json');
  const pairs = await Promise.all([ROUTER, MANAGER].map((component) => keyPairFrom(cluster, component)));
  expect(holdsKey(stdout + stderr, ...pairs.filter((pair) => pair !== undefined))).toBe(false);
  const { certificates } = JSON.parse(stdout) as { certificates: { for: string; mode: string; state: string }[] };
  return { code, states: certificates.map(({ for: purpose, mode, state }) => [purpose, mode, state]) };
}

describe('the status of certificates', () => {
  it('is valid in mode auto after an install, and after they were renewed', async () => {
    await must('install');
    const valid = ['webhooks', 'auto', 'valid'];
    expect(await states()).toEqual({ code: 0, states: [valid, valid] });
    await must('certs', 'renew');
    expect(await states()).toEqual({ code: 0, states: [valid, valid] });
  });

  it('is valid in mode cert-manager once that has issued them, self-signed, the one of the router’s port included', async () => {
    const end = standInForCertManager(cluster);
    try {
      await must('install', '--set', 'global.certManagementMode=cert-manager,networking.kthenaRouter.tls.enabled=true');
      expect(await states()).toEqual({
        code: 0,
        states: [
          ['webhooks', 'cert-manager', 'valid'],
          ['webhooks', 'cert-manager', 'valid'],
          ['router', 'cert-manager', 'valid'],
        ],
      });
      const { stdout } = await kthena('certs', 'status');
      expect(stdout).toMatch(
        /kthena-router-webhook-certs +valid +cert-manager +\d{4}-\d\d-\d\d \(in \S+\) +self-signed /,
      );
      expect(stdout).toMatch(/kthena-router-tls .*Deployment\/kthena-router \(inference port\)/);
    } finally {
      await end();
    }
  });

  it('is missing in mode cert-manager until then, and says where to look', async () => {
    await must('install', '--no-wait', '--set', 'global.certManagementMode=cert-manager');
    expect(await states()).toMatchObject({
      code: 1,
      states: [['webhooks', 'cert-manager', 'missing'], expect.anything()],
    });
    const { stdout } = await kthena('check');
    expect(stdout).toContain('Secret/kthena-system/kthena-router-webhook-certs: does not exist');
    expect(stdout).toContain('kubectl describe certificate -n kthena-system');
  });
});
