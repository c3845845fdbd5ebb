import { spawn } from 'node:child_process';

/**
 * Runs a program to its end.
 *
 * @param {string} path
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, input?: string | undefined, cwd?: string | undefined }} options
 * @returns {Promise<import('./index.d.mts').CommandResult>}  whatever its exit code; -1 where a signal ended it
 */
export function run(path, args, { env, input, cwd }) {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env, cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    child.stdin.on('error', () => {}); // it may end without reading its input
    child.once('error', reject);
    child.once('close', (code) => resolve({ stdout, stderr, code: code ?? -1 }));
    child.stdin.end(input);
  });
}
