import { spawn, type ChildProcess } from 'node:child_process';
import { KthenaError } from '../errors.js';
import { execInfo, parseExecCredential, type ExecCredential } from './exec-credential.js';
import { interruption } from './interruption.js';
import type { ClusterEntry, ExecEntry } from './kubeconfig-file.js';

export interface ExecPluginContext {
  cluster: ClusterEntry;
  env: Record<string, string | undefined>;
  /** Somebody sits at standard input and may be asked. */
  terminal: boolean;
  /** What the plugin says to that person. */
  onOutput: (text: string) => void;
  timeoutMs?: number;
}

/** A login in a browser takes its time; a plugin that asks nobody does not. */
const INTERACTIVE_TIMEOUT_MS = 300_000;
const TIMEOUT_MS = 60_000;
/** How long a plugin's own children, such as a browser, may keep its output open. */
const OUTPUT_GRACE_MS = 1_000;
const SHOWN_LINES = 20;

/**
 * Runs a credential plugin and reads what it prints. It gets standard input only where `interactiveMode` and a terminal allow that,
 * so that it cannot wait for somebody who is not there.
 * Throws KthenaError `unauthorized`, with what the plugin wrote to standard error.
 */
export async function runExecPlugin(
  exec: ExecEntry,
  context: ExecPluginContext,
  signal?: AbortSignal,
): Promise<ExecCredential> {
  const command = exec.command ?? '';
  if (command === '') throw new KthenaError('usage', 'A user of the kubeconfig has an exec plugin without a command.');
  if (exec.interactiveMode === 'Always' && !context.terminal) {
    throw new KthenaError(
      'unauthorized',
      `The credential plugin "${command}" has to ask somebody, and there is no terminal.`,
      {
        hint: 'Run this in a terminal, or log in with a method that asks nobody.',
      },
    );
  }
  const interactive = context.terminal && exec.interactiveMode !== 'Never';
  const extra = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const child = spawn(command, exec.args ?? [], {
    env: { ...context.env, ...extra, KUBERNETES_EXEC_INFO: execInfo(exec, context.cluster, interactive) },
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    killSignal: 'SIGKILL',
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const stderr = interactive ? context.onOutput : () => undefined;
  const timeoutMs = context.timeoutMs ?? (interactive ? INTERACTIVE_TIMEOUT_MS : TIMEOUT_MS);
  const end = await endOf(child, stderr, timeoutMs).catch((cause: unknown) => {
    if (signal?.aborted === true) throw interruption(signal);
    throw notStarted(exec, command, cause);
  });
  if (end.code === 0) return parseExecCredential(end.stdout, exec);
  const how =
    end.code === null ? `was ended (${end.signal}), after its time was up` : `failed with exit code ${end.code}`;
  throw new KthenaError('unauthorized', `The credential plugin "${command}" ${how}.`, {
    details: lastLines(end.stderr),
    hint: 'It comes from the kubeconfig. Log in again with the tool it belongs to, then run it by hand.',
  });
}

interface PluginEnd {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

function endOf(child: ChildProcess, onStderr: (text: string) => void, timeoutMs: number): Promise<PluginEnd> {
  return new Promise((resolve, reject) => {
    // spawn's own `timeout` goes on running where the program could not be started, and keeps the process alive.
    const timeout = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr(text);
    });
    child.once('error', (error) => {
      clearTimeout(timeout);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timeout);
      const finish = (): void => {
        clearTimeout(grace);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal, stdout, stderr });
      };
      const grace = setTimeout(finish, OUTPUT_GRACE_MS);
      child.once('close', finish);
    });
  });
}

function notStarted(exec: ExecEntry, command: string, cause: unknown): KthenaError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const what = code === 'ENOENT' ? 'is not installed' : `cannot be started (${code ?? message})`;
  return new KthenaError('unauthorized', `The credential plugin "${command}" of the kubeconfig ${what}.`, {
    cause,
    hint: exec.installHint?.trim() ?? 'Install it, or put its folder into PATH.',
  });
}

function lastLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-SHOWN_LINES);
}
