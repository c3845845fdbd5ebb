// `npm run bench [part…]`: whole commands against Helm's and kubectl's, in the same run, in turn. Ratios carry over between machines,
// seconds do not. Parts: template, install, upgrade, resources; all of them where none is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from '../../test/cluster/index.mjs';
import { prepareProject } from '../setup.mjs';
import { chartOf } from './chart.mjs';
import { compare, kthena, measure, report, RUNS } from './measure.mjs';
import { compareBackups } from './resources.mjs';

const NAMESPACE = 'kthena-system';
// There is no load balancer here, and Helm waits for the address of one until its time is up.
const CLUSTER_IP = ['--set', 'networking.kthenaRouter.service.type=ClusterIP'];
const PARTS = {
  template: compareTemplates,
  install: compareInstalls,
  upgrade: compareUpgrades,
  resources: async ({ cluster, folder, env }) => {
    // The CRDs alone: with the webhooks, and without a server behind them, nothing could be created.
    await measure(kthena('crds', 'upgrade'), env);
    await compareBackups(cluster, folder, env);
  },
};

async function compareTemplates({ env, chart, helms }) {
  await compare(
    'template with CRDs',
    [kthena('template', '--include-crds'), ...helms('template', 'kthena', chart, '--include-crds', '-n', NAMESPACE)],
    env,
  );
}

async function compareInstalls({ cluster, env, chart, helms }) {
  const run = (command, ...args) => measure({ command, args }, env);
  const cleanUp = async (name) => {
    if (name === 'kthena') await measure(kthena('uninstall', '--wait'), env);
    else await run(join(cluster.bin, name), 'uninstall', 'kthena', '-n', NAMESPACE, '--wait');
    // A CRD that goes before anybody has listed its kind can take the API server a minute.
    await measure(kthena('crds', 'list'), env);
    await run('kubectl', 'delete', 'crd', '--all', '--wait');
  };
  await run('kubectl', 'create', 'namespace', NAMESPACE);
  await compare(
    'install and wait until ready',
    [kthena('install', ...CLUSTER_IP), ...helms('install', 'kthena', chart, '-n', NAMESPACE, '--wait')],
    env,
    { cleanUp },
  );
}

/** Upgrades that change nothing, which are most of those that a pipeline runs. */
async function compareUpgrades({ cluster, env, chart }) {
  const results = new Map();
  const helm = (name, ...args) => ({ name, command: join(cluster.bin, name), args: [...args, '-n', NAMESPACE] });
  const tools = [
    {
      name: 'kthena',
      install: kthena('install', ...CLUSTER_IP),
      upgrade: kthena('upgrade'),
      end: kthena('uninstall', '--wait'),
    },
    ...['helm3', 'helm4'].map((name) => ({
      name,
      // Helm 4 refuses CRDs that somebody else has applied, and they are there already.
      install: helm(name, 'install', 'kthena', chart, '--wait', '--create-namespace', '--skip-crds'),
      upgrade: helm(name, 'upgrade', 'kthena', chart, '--wait'),
      end: helm(name, 'uninstall', 'kthena', '--wait'),
    })),
  ];
  for (const { name, install, upgrade, end } of tools) {
    await measure(install, env);
    await measure(upgrade, env);
    const measured = [];
    for (let run = 0; run < RUNS; run++) measured.push(await measure(upgrade, env));
    results.set(name, measured);
    await measure(end, env);
  }
  report(`upgrade that changes nothing (median of ${RUNS})`, results);
}

async function main() {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !(name in PARTS));
  if (unknown !== undefined)
    throw new Error(`there is no part ${unknown}; there are: ${Object.keys(PARTS).join(', ')}`);
  prepareProject();
  const folder = mkdtempSync(join(tmpdir(), 'kthena-bench-'));
  const cluster = await startControlPlane();
  try {
    // Reading another certificate store costs Node 20 40 ms that have nothing to do with this program.
    const { NODE_EXTRA_CA_CERTS: _unset, ...env } = cluster.env;
    for (const name of ['helm3', 'helm4']) await cluster[name](['version']);
    const helms = (...args) => ['helm3', 'helm4'].map((name) => ({ name, command: join(cluster.bin, name), args }));
    const chart = await chartOf(folder, CLUSTER_IP, env);
    for (const name of named.length > 0 ? named : Object.keys(PARTS)) {
      await PARTS[name]({ cluster, folder, env, chart, helms });
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  }
}

await main();
