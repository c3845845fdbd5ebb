import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { KTHENA } from '../setup.mjs';

/** How many times each candidate runs, after a first time that does not count. */
export const RUNS = Number(process.env.BENCH_RUNS ?? 5);

/** A candidate of a comparison: kthena itself. */
export const kthena = (...args) => ({ name: 'kthena', command: process.execPath, args: [KTHENA, ...args] });

/**
 * Runs a command to its end.
 *
 * @param {{ command: string, args: string[], output?: string }} candidate where `output` is set, standard output goes into that file
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ seconds: number, megabytes: number, stdout: string }>} wall time, and the largest resident memory
 * @throws where the exit code is not 0
 */
export async function measure({ command, args, output }, env) {
  const start = process.hrtime.bigint();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let megabytes = 0;
  // The kernel keeps the peak, so that only what comes in the last moment is missed.
  const watch = setInterval(() => (megabytes = peakOf(child.pid) ?? megabytes), 20);
  const piped = output && pipeline(child.stdout, createWriteStream(output));
  if (!output) child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearInterval(watch);
  await piped;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr.slice(-2000)}`);
  return { seconds, megabytes, stdout };
}

function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes && Number(kilobytes) / 1024;
  } catch {
    return undefined; // it has ended, or this is no Linux
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Times the candidates in turn, a clean-up after each; prints the medians and kthena's ratio to each other one. */
export async function compare(title, candidates, env, { cleanUp = () => undefined, runs = RUNS } = {}) {
  const results = new Map(candidates.map(({ name }) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const candidate of candidates) {
      const measured = await measure(candidate, env);
      if (run > 0) results.get(candidate.name).push(measured);
      await cleanUp(candidate.name);
    }
  }
  report(`${title} (median of ${runs})`, results);
}

/**
 * Prints medians, spreads, memory, and kthena's ratio to each other one.
 *
 * @param {Map<string, { seconds: number, megabytes: number }[]>} results by the name of the candidate
 */
export function report(title, results) {
  const ours = median(results.get('kthena').map(({ seconds }) => seconds));
  console.log(`\n${title}`);
  for (const [name, all] of results) {
    const seconds = all.map((measured) => measured.seconds);
    const own = median(seconds);
    const spread = `${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}`;
    const memory = `${Math.max(...all.map(({ megabytes }) => megabytes)).toFixed(0)} MB`;
    const ratio = name === 'kthena' ? '' : `   kthena takes ${(ours / own).toFixed(2)} of it`;
    console.log(`  ${name.padEnd(8)} ${own.toFixed(3)} s  (${spread})  ${memory.padStart(6)}${ratio}`);
  }
}
