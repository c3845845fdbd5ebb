import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { apiClient } from './api.mjs';
import { buildHelm } from './build.mjs';
import { adminFiles, kubeconfig } from './kubeconfig.mjs';
import { created, serviceAccountReady } from './ready.mjs';
import { run } from './run.mjs';

/**
 * Gives tests what they need of a running control plane, be it started here or by
 * another process of the same machine.
 *
 * @param {import('./index.d.mts').ClusterInfo} info
 * @returns {import('./index.d.mts').Cluster}
 */
export function connect(info) {
  const { server, dir, bin, caFile } = info;
  const env = environment(info);
  const request = apiClient({ server, ...adminFiles(dir) });

  /** @returns {import('./index.d.mts').RunCommand} */
  const command =
    (/** @type {string} */ program, prepare = async () => {}) =>
    async (args, { kubeconfig: file, input, cwd } = {}) => {
      await prepare();
      return run(join(bin, program), args, { env: file ? { ...env, KUBECONFIG: file } : env, input, cwd });
    };

  return {
    ...info,
    env,
    request,
    kubectl: command('kubectl'),
    helm3: command('helm3', async () => void (await buildHelm([3]))),
    helm4: command('helm4', async () => void (await buildHelm([4]))),
    newNamespace: async (prefix = 'test') => {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`;
      await created(request, '/api/v1/namespaces', { metadata: { name } });
      await serviceAccountReady(request, name, Date.now() + 10_000);
      return name;
    },
    userKubeconfig: async (user) => {
      const name = 'token' in user ? 'token' : user.name;
      const credentials = 'token' in user ? user : await issue(bin, dir, user);
      const file = join(dir, `user-${randomBytes(4).toString('hex')}.kubeconfig`);
      const ca = readFileSync(caFile, 'utf8');
      await writeFile(file, kubeconfig({ server, ca, user: name, credentials }), { mode: 0o600 });
      return file;
    },
  };
}

/**
 * The environment for programs under test: this process's, but with the cluster's
 * kubeconfig, kubectl and helm found first, and none of the user's Helm settings.
 *
 * @param {import('./index.d.mts').ClusterInfo} info
 */
function environment({ kubeconfig: file, bin, dir }) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HELM_'));
  return {
    ...Object.fromEntries(inherited),
    KUBECONFIG: file,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    HELM_CACHE_HOME: join(dir, 'helm', 'cache'),
    HELM_CONFIG_HOME: join(dir, 'helm', 'config'),
    HELM_DATA_HOME: join(dir, 'helm', 'data'),
  };
}

/**
 * @param {string} bin
 * @param {string} dir
 * @param {{ name: string, groups?: string[] }} user
 */
async function issue(bin, dir, { name, groups = [] }) {
  const { stdout, stderr, code } = await run(join(bin, 'cluster-helper'), ['pki', 'issue', dir, name, ...groups], {
    env: process.env,
  });
  if (code !== 0) throw new Error(`cannot issue a certificate for ${name}: ${stderr}`);
  const end = stdout.indexOf('-----BEGIN EC PRIVATE KEY');
  return { certificate: stdout.slice(0, end), key: stdout.slice(end) };
}
