import { spawn, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { KthenaError } from '../errors.js';
import { interruption } from '../kube/interruption.js';

export interface FilterCommand {
  /** A program in PATH, or a path of one; no shell reads it. */
  command: string;
  args: readonly string[];
}

export interface FilterOptions {
  /** Aborted, it ends the program. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  maxBytes?: number;
}

export interface FilterOutput {
  stdout: string;
  /** The last lines of its standard error. */
  remarks: string[];
}

const TIMEOUT_MS = 300_000;
/** Far above any real manifest, far below what would exhaust memory. */
const MAX_BYTES = 16 * 1024 * 1024;
/** How long a program may take to end once it was asked to, and how long its children may keep its output open. */
const GRACE_MS = 1_000;
const SHOWN_LINES = 20;
const KEPT_CHARACTERS = 64 * 1024;

/**
 * Runs a program that turns standard input into standard output. Its children end with it, where the platform has process groups.
 *
 * @throws KthenaError `usage` where it cannot be started, `render` where it fails, with the last lines of its standard error,
 * `interrupted` where the signal aborts
 */
export async function runFilter(filter: FilterCommand, input: string, options: FilterOptions): Promise<FilterOutput> {
  const { signal, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  const throwIfAborted = (): void => {
    if (signal?.aborted === true) throw interruption(signal);
  };
  throwIfAborted();
  const child = start(filter);
  let problem: string | undefined;
  const stopFor = (reason: string): void => {
    problem ??= reason;
    stop(child);
  };
  const timeout = setTimeout(() => stopFor(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
  const onAbort = (): void => stop(child);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const end = await endOf(child, input, { maxBytes, tooMuch: () => stopFor(`printed more than ${maxBytes} bytes`) });
    throwIfAborted();
    const remarks = lastLines(end.stderr);
    problem ??= failureOf(end);
    if (problem !== undefined) throw failed(filter, problem, remarks);
    return { stdout: decode(filter, end.stdout), remarks };
  } catch (error) {
    throw error instanceof KthenaError ? error : notStarted(filter, error as NodeJS.ErrnoException);
  } finally {
    clearTimeout(timeout);
    signal?.removeEventListener('abort', onAbort);
  }
}

function start(filter: FilterCommand): ChildProcess {
  try {
    // A process group of its own, so that a pipeline in a script ends as a whole.
    return spawn(filter.command, filter.args, { detached: process.platform !== 'win32', windowsHide: true });
  } catch (error) {
    throw notStarted(filter, error as NodeJS.ErrnoException);
  }
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
}

function endOf(
  child: ChildProcess,
  input: string,
  { maxBytes, tooMuch }: { maxBytes: number; tooMuch: () => void },
): Promise<End> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else tooMuch();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-KEPT_CHARACTERS)));
    // A program need not read its input; what becomes of it is its exit code's to say.
    child.stdin!.on('error', () => undefined);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const finish = (): void => {
        clearTimeout(grace);
        signalGroup(child, 'SIGKILL'); // what it has left behind
        child.stdout!.destroy();
        child.stderr!.destroy();
        resolve({ code, signal, stdout: Buffer.concat(chunks), stderr });
      };
      const grace = setTimeout(finish, GRACE_MS);
      child.once('close', finish);
    });
    child.stdin!.end(input);
  });
}

/** Asks a program and its children to end, and makes them a second later. */
function stop(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(kill));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function failureOf({ code, signal }: End): string | undefined {
  if (signal !== null) return `was ended by the signal ${signal}`;
  return code === 0 ? undefined : `failed with exit code ${code}`;
}

/** A byte that is no text would otherwise become another character. */
function decode(filter: FilterCommand, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failed(filter, 'printed what is not UTF-8', []);
  }
}

function failed({ command }: FilterCommand, what: string, remarks: readonly string[]): KthenaError {
  return new KthenaError('render', `the post-renderer "${command}" ${what}`, {
    details: remarks,
    hint: `Try it by hand: kthena template | ${command}`,
  });
}

const NOT_STARTED: Record<string, [what: string, hint: string]> = {
  ENOENT: ['is not found', 'Give a program in PATH or the path of one; for a script, its #! line must name one too.'],
  EACCES: ['is not executable', 'Make it so with chmod +x, and check that it is no folder.'],
};

function notStarted({ command }: FilterCommand, cause: NodeJS.ErrnoException): KthenaError {
  const [what, hint] = NOT_STARTED[cause.code ?? ''] ?? [`cannot be started (${cause.code ?? cause.message})`];
  return new KthenaError('usage', `--post-renderer: "${command}" ${what}`, { cause, hint });
}

function lastLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-SHOWN_LINES);
}
