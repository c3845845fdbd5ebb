import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../cluster/index.mjs';
import { hasLine, mustRun, runKthena } from '../install/program.js';
import { manyResources, modelRoute } from './samples.js';
import { create, lab } from './setup.js';

const made = lab();

beforeAll(() => create(made, [...manyResources(50), modelRoute('x', { metadata: { namespace: 'others' } })]));

const kthena = (...args: string[]): Promise<CommandResult> =>
  runKthena(['crds', ...args], { env: made.cluster.env, cwd: made.folder });

async function expectRefusal(args: string[], ...words: (string | RegExp)[]): Promise<void> {
  const { code, stdout, stderr } = await kthena(...args);
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
  expect(stderr.match(/^Error: /gm), stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/defect|^\s+at /m);
  for (const word of words) expect(stderr).toMatch(word);
}

describe('kthena crds backup', () => {
  it('writes a compressed file into the current folder, named by the time', async () => {
    const { stdout } = await mustRun(['crds', 'backup'], { env: made.cluster.env, cwd: made.folder });
    const [name] = readdirSync(made.folder).filter((file) => file.endsWith('.gz'));
    expect(name).toMatch(/^kthena-backup-\d{8}T\d{9}Z\.yaml\.gz$/);
    expect(gunzipSync(readFileSync(join(made.folder, name!))).toString()).toMatch(/^# Kthena backup, format 1\n/);
    expect(hasLine(stdout, 'ModelRoute', '11')).toBe(true);
    expect(stdout).toContain(`51 resources of 2 namespaces written to ${name}, read back and found complete.`);
  });

  it('writes to standard output what could be restored', async () => {
    const { stdout, stderr } = await mustRun(['crds', 'backup', '-o', '-', '--kind', 'modelroutes', '-n', 'others'], {
      env: made.cluster.env,
    });
    const file = join(made.folder, 'from-stdout.yaml');
    writeFileSync(file, stdout);
    expect(stderr).toContain('written to standard output');
    const restored = await mustRun(['crds', 'restore', file], { env: made.cluster.env });
    expect(restored.stdout).toMatch(/ModelRoute +0 +4 +0 +0\n/);
  });

  it('refuses a file that is there unless it may replace it', async () => {
    writeFileSync(join(made.folder, 'mine.yaml'), 'mine');
    await expectRefusal(['backup', '-o', 'mine.yaml'], 'mine.yaml is there already', 'Name another file');
    expect(readFileSync(join(made.folder, 'mine.yaml'), 'utf8')).toBe('mine');
    expect((await kthena('backup', '-o', 'mine.yaml', '--force')).code).toBe(0);
    expect(readFileSync(join(made.folder, 'mine.yaml'), 'utf8')).toContain('# Kthena backup');
  });

  it('refuses what contradicts itself or does not exist', async () => {
    await expectRefusal(['backup', '-A', '-n', 'models'], '-A and -n contradict each other');
    await expectRefusal(['backup', '--kind', 'Pod'], /Pod: the cluster serves no such kind.*/, /ModelRoute/);
    await expectRefusal(['backup', '-n', '../x'], 'cannot be a namespace');
    await expectRefusal(['backup', '-o', 'missing/x.yaml'], 'missing/x.yaml cannot be written: the file or its folder');
    await expectRefusal(['backup', '-o', '.'], '. is a folder');
    await expectRefusal(['backup', '-o', ''], '"" is not the name of a file');
    await expectRefusal(['backup', '-o', 'missing/'], '"missing/" is not the name of a file');
    await expectRefusal(['backup', '-n', 'others', '-n', 'misspelt', '-o', 'n.yaml'], 'there is no namespace misspelt');
    expect(existsSync(join(made.folder, 'n.yaml'))).toBe(false);
  });

  it('says what right is missing', async () => {
    const kubeconfig = await made.cluster.userKubeconfig({ name: 'nobody' });
    await expectRefusal(['backup', '-o', 'denied.yaml', '--kubeconfig', kubeconfig], '403', 'kubectl auth can-i list');
    expect(readdirSync(made.folder).filter((name) => name.includes('denied'))).toEqual([]);
  });

  it.runIf(existsSync('/dev/full'))('says so where standard output takes nothing', () => {
    const program = join(import.meta.dirname, '../../../bin/kthena.js');
    const command = `exec "${process.execPath}" "${program}" crds backup -o - > /dev/full`;
    const { status, stderr } = spawnSync('bash', ['-c', command], { env: made.cluster.env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Error: standard output cannot be written: ENOSPC/m);
  });

  it('leaves nothing behind where there is no room', () => {
    const program = join(import.meta.dirname, '../../../bin/kthena.js');
    // A limit on the size of files is what a test can have of a full disk.
    const command = `trap '' XFSZ; ulimit -f 8; exec "${process.execPath}" "${program}" crds backup -o full.yaml`;
    const { status, stderr } = spawnSync('bash', ['-c', command], {
      env: made.cluster.env,
      cwd: made.folder,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/Error: full\.yaml cannot be written: /);
    expect(readdirSync(made.folder).filter((name) => name.includes('full'))).toEqual([]);
  });
});

describe('kthena crds restore', () => {
  it('tells what became of each kind, as text and for scripts', async () => {
    await mustRun(['crds', 'backup', '-o', 'a.yaml'], { env: made.cluster.env, cwd: made.folder });
    const text = await kthena('restore', 'a.yaml', '--dry-run');
    expect(text).toMatchObject({ code: 0 });
    expect(text.stdout).toMatch(/^Dry run of restoring a\.yaml, made at .* nothing was stored\.$/m);
    expect(text.stdout).toMatch(/ModelBooster +0 +10 +0 +0/);
    const { stdout } = await kthena('restore', 'a.yaml', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: false,
      kinds: { ModelBooster: { restored: 0, existing: 10, refused: 0, failed: 0 } },
      incidents: [],
    });
  });

  it('refuses what is no whole backup', async () => {
    const whole = readFileSync(join(made.folder, 'a.yaml'));
    const write = (name: string, contents: string | Buffer): void => writeFileSync(join(made.folder, name), contents);
    write('cut.yaml', whole.subarray(0, whole.length / 2));
    write('changed.yaml', whole.toString().replace('sample-7', 'sample-8'));
    write('other.yaml', 'a: 1\n');
    await expectRefusal(['restore', 'cut.yaml'], /cut\.yaml was cut off after \d+ documents/);
    await expectRefusal(['restore', 'changed.yaml'], 'changed.yaml was changed since it was made', '--allow-edited');
    await expectRefusal(['restore', 'other.yaml'], 'other.yaml is not a backup of kthena');
    await expectRefusal(
      ['restore', 'nowhere.yaml'],
      'nowhere.yaml cannot be read: the file or its folder does not exist',
    );
    await expectRefusal(['restore', '.'], '. is not a file');
    await expectRefusal(['restore', '-'], 'standard input is not a file', 'store it first');
    await expectRefusal(['restore', ''], 'the name of the backup is empty');
    await expectRefusal(['restore'], 'missing required argument');
  });

  it('ends with 1 where a resource was not restored', async () => {
    await mustRun(['crds', 'backup', '-o', 'b.yaml', '--kind', 'ModelRoute'], {
      env: made.cluster.env,
      cwd: made.folder,
    });
    const text = readFileSync(join(made.folder, 'b.yaml'), 'utf8');
    const broken = text
      .replace('name: sample-4\n', 'name: new-one\n')
      .replace('modelName: sample-4\n', 'modelName: 4\n');
    writeFileSync(join(made.folder, 'c.yaml'), broken);
    const { code, stdout, stderr } = await kthena('restore', 'c.yaml', '--allow-edited');
    expect(code, stderr).toBe(1);
    expect(stdout).toMatch(/Refused:\n {2}ModelRoute\/others\/new-one: .*modelName/);
    expect(stdout).toContain('kthena crds restore --allow-edited c.refused.yaml');
    expect(stderr).toMatch(/^Error: 1 resource was not restored$/m);
    expect(existsSync(join(made.folder, 'c.refused.yaml'))).toBe(true);
  });
});
