import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Progress } from './progress.mjs';
import { GO_MODULES } from './programs.mjs';

const WAY_OUT = 'or set KTHENA_TEST_ASSETS to a folder that has the programs';

/**
 * Throws, saying what to do, unless there is a Go that can build the module.
 *
 * @param {string} module  its folder below `go/`
 */
export async function requireGo(module) {
  const cwd = join(GO_MODULES, module);
  const wanted = readFileSync(join(cwd, 'go.mod'), 'utf8').match(/^go (\S+)$/m)?.[1] ?? '';
  const found = await promisify(execFile)('go', ['env', 'GOVERSION'], { cwd }).catch((error) => {
    if (error.code === 'ENOENT') {
      throw new Error(
        `Go is needed to build the test cluster, and is not installed. Install Go ${wanted} or newer, ${WAY_OUT}.`,
      );
    }
    return { stdout: error.stderr }; // an old Go refuses the module and says its version
  });
  const version = found.stdout.match(/go(\d+\.\d+(\.\d+)?)/)?.[1] ?? 'of an unknown version';
  if (isOlder(version, wanted)) {
    throw new Error(
      `Go ${version} is too old to build ${module} of the test cluster. Install Go ${wanted} or newer, ${WAY_OUT}.`,
    );
  }
}

/**
 * @param {import('./programs.mjs').Program} program
 * @param {string} output
 */
export async function goBuild(program, output) {
  const progress = new Progress(`Building ${program.output} for the test cluster (once)`);
  const child = spawn(
    'go',
    [
      'build',
      '-v',
      '-trimpath',
      '-buildvcs=false',
      '-ldflags',
      `-s -w ${program.ldflags}`,
      '-o',
      output,
      program.package,
    ],
    {
      cwd: join(GO_MODULES, program.module),
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let compiled = 0;
  /** @type {string[]} */
  const lines = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    const isPackage = /^[\w./-]+$/.test(line);
    if (isPackage) compiled++;
    progress.update(isPackage ? `${compiled} packages compiled` : line.replace(/^go: /, ''));
  });
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `go build ended with ${signal ?? code}`));
  });
  progress.end(failure || 'done');
  if (failure) throw new Error(`Cannot build ${program.output}: ${failure}\n${lines.slice(-20).join('\n')}`);
}

/**
 * @param {string} version
 * @param {string} wanted
 */
function isOlder(version, wanted) {
  return version.localeCompare(wanted, 'en', { numeric: true }) < 0;
}
