import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The program as a user runs it. */
export const KTHENA = join(ROOT, 'bin', 'kthena.js');

/** Runs a command with this terminal's input and output; where it fails, this process ends with its exit code. */
export function run(command, args, env = process.env) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

/** What a fresh clone needs before anything runs: the dependencies and the build. */
export function prepareProject() {
  if (!existsSync(join(ROOT, 'node_modules'))) run('npm', ['ci', '--no-audit', '--no-fund']);
  run('npm', ['run', '--silent', 'build']);
}
