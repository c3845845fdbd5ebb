/** `npm run cluster -- up | down | env | status | run -- COMMAND…`: the control plane for people. */
import { spawn } from 'node:child_process';
import { buildControlPlane, buildHelm } from './build.mjs';
import { connect } from './connect.mjs';
import { findLasting, startLasting, stopLasting } from './lasting.mjs';
import { withControlPlane } from './start.mjs';

const USAGE = `usage: npm run cluster -- COMMAND

  up              start a control plane that lasts until "down"
  down            stop it
  env             print what a shell needs to use it:  eval "$(npm run -s cluster -- env)"
  status          tell whether it runs
  run -- CMD…     start another one, run CMD with it, stop it again
`;

/** @type {Record<string, (args: string[]) => Promise<number>>} each gives the exit code */
const commands = {
  async up() {
    await buildControlPlane();
    await buildHelm();
    const { cluster, already } = await startLasting();
    console.log(`${already ? 'It is already running' : 'The control plane is ready'}: ${cluster.server}`);
    console.log(`kubeconfig: ${cluster.kubeconfig}`);
    console.log('To use it:  eval "$(npm run -s cluster -- env)"');
    return 0;
  },

  async down() {
    console.log((await stopLasting()) ? 'Stopped.' : 'It was not running.');
    return 0;
  },

  async env() {
    const cluster = findLasting();
    if (!cluster) return notRunning();
    console.log(`export KUBECONFIG=${quote(cluster.kubeconfig)}`);
    console.log(`export PATH=${quote(cluster.bin)}:"$PATH"`);
    return 0;
  },

  async status() {
    const cluster = findLasting();
    if (!cluster) return notRunning();
    const answer = await connect(cluster)
      .request('GET', '/readyz')
      .catch((error) => ({ status: 0, body: error.message }));
    console.log(`${answer.status === 200 ? 'Running' : `Broken (${answer.body})`}: ${cluster.server}`);
    console.log(`kubeconfig: ${cluster.kubeconfig}\nlogs:       ${cluster.dir}`);
    return answer.status === 200 ? 0 : 1;
  },

  async run(args) {
    const [program, ...rest] = args[0] === '--' ? args.slice(1) : args;
    if (!program) throw new Error('"run" needs a command to run');
    return withControlPlane(({ env }) => runInTerminal(program, rest, env));
  },
};

function notRunning() {
  console.error('No control plane is running. Start one with:  npm run cluster -- up');
  return 1;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
function runInTerminal(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' });
    // Ctrl-C reaches the program too; it decides what comes of it.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
try {
  if (!command) throw new Error(USAGE);
  process.exitCode = await command(args);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
