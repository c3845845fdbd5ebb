import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { read } from '../docs/markdown.js';

interface Container {
  command: string[];
  args: string[];
  livenessProbe: { exec: { command: string[] } };
}
interface Example {
  kind: string;
  spec: { template: { spec: { containers: [Container] } } };
}

const MOUNTED = '/run/secrets/redis';
const PASSWORD = `a"b' $c \\d#`;

const objects = loadAll(read('examples/redis/redis-standalone.yaml')) as Example[];
const [container] = objects.find(({ kind }) => kind === 'Deployment')!.spec.template.spec.containers;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-redis-'));
  for (const program of ['redis-server', 'redis-cli']) {
    writeFileSync(join(folder, program), `#!/bin/sh\necho "$@" >"$0.args"\nenv >"$0.env"\n[ -t 0 ] || cat\n`);
    chmodSync(join(folder, program), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command of the container where the programs of Redis are stand-ins that note how they were called. */
function run(command: string[], password: string) {
  writeFileSync(join(folder, 'password'), password);
  const [program, ...args] = command.map((word) => word.replaceAll(MOUNTED, folder));
  const PATH = [folder, process.env['PATH']].join(delimiter);
  const { status, stdout, stderr } = spawnSync(program!, args, { env: { PATH }, input: '', encoding: 'utf8' });
  return { status, stdout, stderr };
}

const start = (password: string) => run([...container.command, ...container.args], password);

describe('the Redis example', () => {
  it('has no Secret and no password', () => {
    expect(objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Service', 'Deployment']);
  });

  it('starts the server with the hash of the password on standard input, and the password nowhere', () => {
    const { status, stdout, stderr } = start(PASSWORD);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`\nuser default on #${createHash('sha256').update(PASSWORD).digest('hex')} ~* &* +@all`);
    expect(readFileSync(join(folder, 'redis-server.args'), 'utf8')).toBe('-\n');
    const seen = stdout + readFileSync(join(folder, 'redis-server.env'), 'utf8');
    expect(seen).not.toContain(PASSWORD);
  });

  it.each([
    ['', 'the password is empty'],
    ['from-echo\n', 'the password contains a line break'],
  ])('refuses the password %j', (password, message) => {
    expect(start(password)).toEqual({ status: 1, stdout: '', stderr: `Secret redis-secret: ${message}\n` });
  });

  it('asks the server with the password, which is in no argument', () => {
    expect(run(container.livenessProbe.exec.command, PASSWORD).status).toBe(0);
    expect(readFileSync(join(folder, 'redis-cli.args'), 'utf8')).toBe('-e ping\n');
    expect(readFileSync(join(folder, 'redis-cli.env'), 'utf8')).toContain(`REDISCLI_AUTH=${PASSWORD}\n`);
  });
});
