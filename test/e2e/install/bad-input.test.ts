import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../cluster/index.mjs';
import { get } from './cluster-state.js';
import { runKthena } from './program.js';

/** Shared with other tests: all that is tried here is refused. */
const cluster = connect(inject('cluster'));
const NAMESPACE = 'bad-input';
const CA_BUNDLE = 'global.certManagementMode=manual,global.webhook.caBundle';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-bad-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Expects one clear message that has all of these words, exit code 1, and a cluster that nothing was asked of. */
async function expectRefusal(args: string[], words: RegExp[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr } = await runKthena(args, { env: { ...cluster.env, ...env }, cwd: folder });
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
  expect(stderr.match(/^Error: /gm)).toHaveLength(1);
  for (const pattern of words) expect(stderr).toMatch(pattern);
  expect(stderr, 'shows a stack trace').not.toMatch(/^\s+at .*[:)]/m);
  expect(stderr, 'is shown as a defect').not.toContain('defect');
  expect(await get(cluster, `/api/v1/namespaces/${NAMESPACE}`)).toBeUndefined();
  return stderr;
}

describe('kthena install refuses values', () => {
  it.each<[string, string[], RegExp[]]>([
    [
      'of an unknown key',
      ['--set', 'workload.enabledd=false'],
      [/--set.*unknown key workload\.enabledd/, /workload\.enabled\?/],
    ],
    ['of the wrong type', ['--set', 'workload.enabled=7'], [/--set workload\.enabled: .*must be true or false, not 7/]],
    ['that are a list where a map belongs', ['--set', 'workload[0]=1'], [/workload must be a map/]],
    [
      'out of range',
      ['--set', 'networking.kthenaRouter.port=70000'],
      [/--set networking\.kthenaRouter\.port: .*must be .* 65535, not 70000/],
    ],
    [
      'with a quantity that does not parse',
      ['--set', 'networking.kthenaRouter.resource.limits.cpu=lots'],
      [/limits\.cpu/, /lots/],
    ],
    [
      'that exclude each other',
      ['--set', 'networking.kthenaRouter.fairness.enabled=true,networking.kthenaRouter.sessionBoost.enabled=true'],
      [/fairness and sessionBoost/],
    ],
    [
      'that leave nothing to install',
      ['--set', 'workload.enabled=false,networking.enabled=false'],
      [/nothing to install/, /workload\.enabled or networking\.enabled/],
    ],
    ['of two things on one port', ['--set', 'networking.kthenaRouter.port=8443'], [/port/, /the same/]],
    [
      'of mode manual without a CA bundle',
      ['--set', 'global.certManagementMode=manual'],
      [/manual needs global\.webhook\.caBundle/],
    ],
    ['with a CA bundle that is not base64', ['--set', `${CA_BUNDLE}=%%%`], [/caBundle:? .*base64/]],
    ['with a CA bundle that holds no PEM', ['--set', `${CA_BUNDLE}=${base64('hello')}`], [/caBundle:? .*PEM/]],
    [
      'with a CA bundle that holds no certificate',
      ['--set', `${CA_BUNDLE}=${base64('-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n')}`],
      [/caBundle:? .*not a valid X\.509 certificate/],
    ],
    ['without a value', ['--set', 'workload.enabled'], [/--set workload\.enabled: the key has no value/]],
    ['that are not JSON', ['--set-json', 'workload={'], [/--set-json.*not valid JSON/]],
    ['from a file that is not there', ['--set-file', 'global.webhook.caBundle=ca.b64'], [/ca\.b64: no such file/]],
  ])('%s', async (_, flags, words) => {
    await expectRefusal(['install', '-n', NAMESPACE, ...flags], words);
  });

  it.each<[string, string, RegExp[]]>([
    ['bad YAML', 'workload:\n  enabled: [1\n', [/values\.yaml:3:1: /]],
    ['a tab as indentation', 'workload:\n\tenabled: true\n', [/values\.yaml:2:1: .*tab/]],
    ['a key twice', 'workload: {}\nworkload: {}\n', [/values\.yaml:2:1: .*workload.*already/]],
    ['a list', '- workload\n', [/values\.yaml:1:1: .*map/]],
    [
      'several mistakes, each with its place',
      'workload:\n  controllerManager:\n    replicas: two\nnetworkin: {}\n',
      [/2 values are not valid/, /values\.yaml:3:5: .*must be an integer.*"two"/, /values\.yaml:4:1: .*networkin\b/],
    ],
  ])('from a file with %s', async (_, content, words) => {
    await expectRefusal(['install', '-n', NAMESPACE, '-f', file('values.yaml', content)], words);
  });

  it('from a file that is not there, or is a folder', async () => {
    await expectRefusal(['install', '-n', NAMESPACE, '-f', 'nowhere.yaml'], [/nowhere\.yaml: no such file/]);
    await expectRefusal(['install', '-n', NAMESPACE, '-f', folder], [/folder, not a file/]);
  });

  it('from standard input, and says so', async () => {
    const input = 'workload:\n  enabled: maybe\n';
    const { code, stderr } = await runKthena(['install', '-n', NAMESPACE, '-f', '-'], { env: cluster.env, input });
    expect(code).toBe(1);
    expect(stderr).toMatch(/stdin:2:3: .*must be true or false, not "maybe"/);
  });

  it('without showing a credential among them', async () => {
    const values = 'workload:\n  controllerManager:\n    downloader:\n      secretKey: [correct-horse]\n';
    const flags = ['-f', file('secret.yaml', values), '--debug'];
    const stderr = await expectRefusal(
      ['install', '-n', NAMESPACE, ...flags],
      [/secret\.yaml:4:7: .*secretKey must be/],
    );
    expect(stderr).not.toContain('correct-horse');
  });
});

describe('every command refuses', () => {
  it.each<[string, string[], RegExp[]]>([
    ['a release name with capitals', ['install', 'Kthena'], [/"Kthena" cannot be a release name: .*uppercase/]],
    ['a release name that is too long', ['status', 'k'.repeat(54)], [/release name.*54 characters, at most 53/]],
    ['a namespace that cannot be one', ['uninstall', '-n', 'a_b'], [/"a_b" cannot be a namespace/]],
    ['an empty namespace', ['list', '-n', ''], [/cannot be a namespace: it is empty/]],
    ['an unknown flag', ['install', '--createnamespace'], [/unknown option '--createnamespace'/]],
    ['an argument too many', ['install', 'one', 'two'], [/too many arguments/]],
    ['an unknown command', ['instal'], [/unknown command 'instal'/, /install\?/]],
    ['a timeout that is no duration', ['install', '--timeout', 'soon'], [/--timeout.*soon.*5m/]],
    ['a dry run of an unknown kind', ['install', '--dry-run=maybe'], [/--dry-run.*Allowed.*client/]],
    ['an unknown format', ['status', '-o', 'xml'], [/--output.*text, json, yaml/]],
    [
      'an unknown context',
      ['install', '-n', NAMESPACE, '--kube-context', 'nope'],
      [/no context "nope"/, /kthena-test/],
    ],
    ['a kubeconfig that is not there', ['status', '--kubeconfig', 'nowhere'], [/nowhere does not exist/]],
  ])('%s', async (_, args, words) => {
    await expectRefusal(args, words);
  });
});

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
}

describe('a cluster that cannot be used', () => {
  /** The administrator's kubeconfig with something changed. */
  const kubeconfig = (change: (config: Kubeconfig) => void): string => {
    const config = load(readFileSync(cluster.kubeconfig, 'utf8')) as Kubeconfig;
    change(config);
    return file('kubeconfig', JSON.stringify(config));
  };
  /** It must not only tell, but also end: other requests of the same command may still be trying. */
  const expectPromptRefusal = async (path: string, words: RegExp[]): Promise<void> => {
    const start = performance.now();
    await expectRefusal(['install', '-n', NAMESPACE], words, { KUBECONFIG: path });
    expect(performance.now() - start, 'milliseconds until it ends').toBeLessThan(4_000);
  };

  it('because there is no kubeconfig', () =>
    expectRefusal(['install', '-n', NAMESPACE], [/no kubeconfig/, /--kubeconfig/], {
      KUBECONFIG: join(folder, 'nowhere'),
    }));

  it('because the kubeconfig is not one', () =>
    expectRefusal(['install', '-n', NAMESPACE], [/broken:2:1: .*not valid YAML/], {
      KUBECONFIG: file('broken', 'clusters: [\n'),
    }));

  it('because nobody listens there', () =>
    expectPromptRefusal(
      kubeconfig(({ clusters }) => (clusters[0]!.cluster['server'] = 'https://127.0.0.1:1')),
      [/https:\/\/127\.0\.0\.1:1 refuses connections/, /Is the cluster running/],
    ));

  it('because its certificate is not trusted', () =>
    expectPromptRefusal(
      kubeconfig(({ clusters }) => delete clusters[0]!.cluster['certificate-authority-data']),
      [/not trusted/, /certificate-authority-data/],
    ));

  it('because the credential plugin is not installed', () =>
    expectPromptRefusal(
      kubeconfig(({ users }) => {
        const exec = {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: '/nowhere/login',
          interactiveMode: 'Never',
        };
        users[0]!.user = { exec };
      }),
      [/"\/nowhere\/login".*not installed/],
    ));

  it('because the token is wrong', async () => {
    const path = await cluster.userKubeconfig({ token: 'correct-horse' });
    await expectPromptRefusal(path, [/does not accept the credentials.*\(401\)/, /log in again/]);
    for (const command of ['status', 'list', 'uninstall']) {
      const stderr = await expectRefusal([command], [/\(401\)/], { KUBECONFIG: path });
      expect(stderr).not.toContain('correct-horse');
    }
  });

  it('because the user has no rights', async () => {
    const path = await cluster.userKubeconfig({ name: 'nobody' });
    await expectPromptRefusal(path, [/403.*User "nobody" cannot/, /nothing was written/]);
    for (const command of ['status', 'list', 'uninstall'])
      await expectRefusal([command], [/403.*User "nobody" cannot list resource "secrets"/], { KUBECONFIG: path });
  });

  it('as the user who is impersonated', () =>
    expectRefusal(['install', '-n', NAMESPACE, '--kube-as-user', 'alice'], [/403.*User "alice" cannot/]));
});
