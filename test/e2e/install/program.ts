import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from '../../cluster/index.mjs';

const PROGRAM = fileURLToPath(new URL('../../../bin/kthena.js', import.meta.url));

export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  /** Standard input. */
  input?: string | Buffer;
  cwd?: string;
}

export interface RunningProgram {
  child: ChildProcess;
  /** What was written to standard error so far. */
  progress(): string;
  /** Resolves whatever the exit code; -1 where a signal ended it. */
  end: Promise<CommandResult>;
}

/** Starts the built program as a user does, without colours. */
export function startKthena(args: readonly string[], { env, input, cwd }: ProgramOptions): RunningProgram {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...env, NO_COLOR: '1' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined); // it may end without reading its input
  child.stdin.end(input);
  const end = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ stdout, stderr, code: code ?? -1 }));
  });
  return { child, progress: () => stderr, end };
}

/** Runs the built program to its end, whatever its exit code. */
export function runKthena(args: readonly string[], options: ProgramOptions): Promise<CommandResult> {
  return startKthena(args, options).end;
}

/** As `runKthena`, for steps on the way to what is tested: fails unless the program succeeds. */
export async function mustRun(args: readonly string[], options: ProgramOptions): Promise<CommandResult> {
  const result = await runKthena(args, options);
  if (result.code !== 0) throw new Error(`kthena ${args.join(' ')} ended with ${result.code}:\n${result.stderr}`);
  return result;
}

/** True where a line of the output has all of these words, in whatever order. */
export function hasLine(output: string, ...words: string[]): boolean {
  const lines = output.split('\n').map((line) => line.split(/[\s:,]+/));
  return lines.some((line) => words.every((word) => line.includes(word)));
}

/** Flags for a pod annotation of the router; what it does to the pod is in test/cluster/stages*.yaml. */
export function routerPods(annotation: string, value: string): string[] {
  const key = annotation.replaceAll('.', '\\.');
  return ['--set-string', `networking.kthenaRouter.podAnnotations.${key}=${value}`];
}

/** Flags that keep the router's Deployment from ever becoming ready. */
export const NEVER_READY = routerPods('test.kthena/waiting-reason', 'ImagePullBackOff');
