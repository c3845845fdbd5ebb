// `npm run bench`: whole commands against Helm's, in the same run, alternating. Ratios carry over between machines, seconds do not.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { startControlPlane } from '../test/cluster/index.mjs';
import { KTHENA, prepareProject } from './setup.mjs';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const NAMESPACE = 'kthena-system';
// There is no load balancer here, and Helm waits for the address of one until its time is up.
const CLUSTER_IP = ['--set', 'networking.kthenaRouter.service.type=ClusterIP'];

prepareProject();
// Reading another certificate store costs Node 20 40 ms that have nothing to do with this program.
const { NODE_EXTRA_CA_CERTS: _unset, ...environment } = process.env;

/** Runs a command to its end and gives its wall time in seconds. */
function time(command, args, env) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr.slice(0, 2000)}`);
  return { seconds, stdout };
}

const kthena = (...args) => ({ name: 'kthena', command: process.execPath, args: [KTHENA, ...args] });

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Times the candidates in turn, a clean-up after each; prints the medians and kthena's ratio to each other one. */
function compare(title, candidates, env, cleanUp = () => undefined) {
  const seconds = new Map(candidates.map(({ name }) => [name, []]));
  for (let run = 0; run <= RUNS; run++) {
    for (const { name, command, args } of candidates) {
      const measured = time(command, args, env);
      if (run > 0) seconds.get(name).push(measured.seconds);
      cleanUp(name);
    }
  }
  const ours = median(seconds.get('kthena'));
  console.log(`\n${title} (median of ${RUNS})`);
  for (const [name, all] of seconds) {
    const own = median(all);
    const spread = `${Math.min(...all).toFixed(3)}–${Math.max(...all).toFixed(3)}`;
    const ratio = name === 'kthena' ? '' : `   kthena takes ${(ours / own).toFixed(2)} of it`;
    console.log(`  ${name.padEnd(8)} ${own.toFixed(3)} s  (${spread})${ratio}`);
  }
}

/** A chart with the very objects that kthena installs, so that both do the same work. */
function chartOf(folder) {
  const chart = join(folder, 'kthena');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  mkdirSync(join(chart, 'crds'));
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: kthena\nversion: 1.0.0\n');
  writeFileSync(join(chart, 'templates', 'all.yaml'), rendered('template', ...CLUSTER_IP));
  const { items: crds } = JSON.parse(rendered('template', '--include-crds', '-s', 'crds/*', '-o', 'json'));
  writeFileSync(join(chart, 'crds', 'all.yaml'), crds.map((crd) => `---\n${dump(withDescriptions(crd))}`).join(''));
  return chart;
}

/**
 * The published chart's CRDs describe every field of the pod template and have 17,000 lines; ours leave that to Kubernetes' own
 * documentation. A text of usual length for each field without one brings the chart of this comparison to that size.
 */
function withDescriptions(crd) {
  const copy = structuredClone(crd);
  for (const version of copy.spec.versions) {
    const { spec, status } = version.schema.openAPIV3Schema.properties;
    for (const part of [spec, status]) if (part !== undefined) describe(part);
  }
  return copy;
}

function describe(schema) {
  schema.description ??= FILLER;
  for (const property of Object.values(schema.properties ?? {})) describe(property);
  if (schema.items !== undefined) describe(schema.items);
}

const FILLER =
  'This text stands for the description of a field in the published CRDs, which takes two or three lines of YAML as a rule. '
    .repeat(2)
    .trim();

function rendered(...args) {
  return time(process.execPath, [KTHENA, ...args], environment).stdout;
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'kthena-bench-'));
  const cluster = await startControlPlane();
  try {
    const chart = chartOf(folder);
    const env = { ...cluster.env };
    delete env.NODE_EXTRA_CA_CERTS;
    const helms = [];
    for (const name of ['helm3', 'helm4']) {
      await cluster[name](['version']);
      helms.push({ name, command: join(cluster.bin, name) });
    }
    const helm = (...args) => helms.map(({ name, command }) => ({ name, command, args }));

    compare(
      'template with CRDs',
      [kthena('template', '--include-crds'), ...helm('template', 'kthena', chart, '--include-crds', '-n', NAMESPACE)],
      env,
    );
    const remove = (name) => {
      if (name === 'kthena') time(process.execPath, [KTHENA, 'uninstall', '--wait'], env);
      else time(join(cluster.bin, name), ['uninstall', 'kthena', '-n', NAMESPACE, '--wait'], env);
      time('kubectl', ['delete', 'crd', '--all', '--wait'], env);
    };
    time('kubectl', ['create', 'namespace', NAMESPACE], env);
    compare(
      'install and wait until ready',
      [kthena('install', ...CLUSTER_IP), ...helm('install', 'kthena', chart, '-n', NAMESPACE, '--wait')],
      env,
      remove,
    );
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  }
}

await main();
