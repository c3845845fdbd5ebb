import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import type { Cluster } from '../../cluster/index.mjs';
import { eventually } from '../install/cluster-state.js';

const PLURALS = ['certificates', 'issuers'];

/** cert-manager's own CRDs, of the version that cert-manager/go.mod pins, from the Go module proxy or Go's cache. */
export async function installCertManagerCrds(cluster: Cluster): Promise<void> {
  const folder = await crdFolder();
  for (const plural of PLURALS) {
    const crd = load(await readFile(join(folder, `cert-manager.io_${plural}.yaml`), 'utf8'));
    const { status, body } = await cluster.request(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      crd,
    );
    if (status !== 201) throw new Error(`${plural}.cert-manager.io: ${status} ${JSON.stringify(body)}`);
  }
  for (const plural of PLURALS) {
    // For a moment the server does not know the kind, then it says that it is busy with it.
    await eventually(`${plural} are served`, async () =>
      (await cluster.request('GET', `/apis/cert-manager.io/v1/${plural}`)).status === 200 ? true : undefined,
    );
  }
}

/** In `KTHENA_TEST_ASSETS` it is the folder `cert-manager-crds`. */
async function crdFolder(): Promise<string> {
  const given = process.env['KTHENA_TEST_ASSETS'];
  if (given !== undefined && given !== '') return join(given, 'cert-manager-crds');
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', MODULE], {
    cwd: join(import.meta.dirname, 'cert-manager'),
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
  });
  return join((JSON.parse(stdout) as { Dir: string }).Dir, 'deploy', 'crds');
}

const MODULE = 'github.com/cert-manager/cert-manager';
