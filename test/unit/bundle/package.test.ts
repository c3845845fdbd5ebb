import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKSUMS } from '../../../src/bundle/archive/checksums.js';
import { gunzip } from '../../../src/bundle/archive/gzip.js';
import { readTar } from '../../../src/bundle/archive/tar.js';
import { bundleWith, SAMPLE } from './sample.js';

const root = new URL('../../..', import.meta.url).pathname;
const PROGRAM = join(root, 'bin', 'kthena.js');

let folder: string;
let archive: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-package-'));
  archive = join(folder, 'kthena-1.0.0.tgz');
  kthena('package', '-d', folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], input?: Buffer): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
}

function kthena(...args: string[]): string {
  const { status, stdout, stderr } = run(args);
  if (status !== 0) throw new Error(`kthena ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** A folder of its own below the test's. */
function subfolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

/** The files of an archive by path. */
function filesIn(path: string): Map<string, string> {
  return new Map(readTar(gunzip(readFileSync(path))).map(({ path: name, data }) => [name, data.toString('utf8')]));
}

describe('a package', () => {
  it('is the same, to the byte, whatever the time zone, the umask, the folder and the language', () => {
    const other = subfolder('other');
    const command = `umask 077; exec "$0" "$1" package`;
    execFileSync('sh', ['-c', command, process.execPath, PROGRAM], {
      cwd: other,
      env: { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', HOME: other },
    });
    expect(readFileSync(join(other, 'kthena-1.0.0.tgz')).equals(readFileSync(archive))).toBe(true);
  });

  it('is the same when it is made of itself, packed and unpacked', () => {
    const again = subfolder('again');
    kthena('package', '-d', again, '--bundle', archive);
    expect(readFileSync(join(again, 'kthena-1.0.0.tgz')).equals(readFileSync(archive))).toBe(true);
    execFileSync('tar', ['-xzf', archive, '-C', again]);
    rmSync(join(again, 'kthena-1.0.0.tgz'));
    kthena('package', '-d', again, '--bundle', join(again, 'kthena'));
    expect(readFileSync(join(again, 'kthena-1.0.0.tgz')).equals(readFileSync(archive))).toBe(true);
  });

  it('is read by other programs: tar, gzip, sha256sum', () => {
    const unpacked = subfolder('unpacked');
    execFileSync('gzip', ['-t', archive]);
    execFileSync('tar', ['-xzf', archive, '-C', unpacked]);
    const checked = execFileSync('sha256sum', ['-c', CHECKSUMS], { cwd: join(unpacked, 'kthena'), encoding: 'utf8' });
    expect(checked.split('\n').filter((line) => line.endsWith(': OK')).length).toBe(filesIn(archive).size - 1);
  });

  it('renders as the built-in bundle does', () => {
    const expected = kthena('template', '--include-crds');
    expect(kthena('template', '--include-crds', '--bundle', archive)).toBe(expected);
    expect(kthena('template', '--include-crds', '--bundle', root)).toBe(expected);
    expect(run(['template', '--include-crds', '--bundle', '-'], readFileSync(archive)).stdout).toBe(expected);
    expect(kthena('lint', '--bundle', archive)).toBe('No problems found.\n');
    expect(kthena('values', '--bundle', archive)).toBe(kthena('values'));
  });

  it('takes the values given as its defaults, and the versions', () => {
    const site = subfolder('site');
    writeFileSync(join(site, 'values.yaml'), 'networking:\n  kthenaRouter:\n    replicas: 3\n');
    const set = ['-f', join(site, 'values.yaml'), '--set', 'global.imageRegistry=mirror.example.com'];
    const result = kthena(
      'package',
      '-d',
      site,
      '--version',
      '1.0.1-site.1',
      '--app-version',
      '1.0.1',
      ...set,
      '-o',
      'json',
    );
    const file = join(site, 'kthena-1.0.1-site.1.tgz');
    expect(JSON.parse(result)).toMatchObject({ path: file, version: '1.0.1-site.1', appVersion: '1.0.1' });
    const rendered = kthena('template', '--bundle', file);
    expect(rendered).toContain('image: mirror.example.com/volcano-sh/kthena-router:');
    expect(rendered).toContain('helm.sh/chart: networking-1.0.1-site.1');
    expect(rendered).toContain('app.kubernetes.io/version: 1.0.1');
    expect(kthena('values', '--bundle', file, '--diff')).toBe('{}\n');
    const text = filesIn(file).get('kthena/bundle/manifests/bundle.yaml')!;
    expect(text).toContain('# Short names for places in the values.');
  });

  it('says that a credential in the defaults can be read', () => {
    const { stderr } = run([
      'package',
      '-d',
      subfolder('secret'),
      '--set',
      'workload.controllerManager.downloader.secretKey=s3cr3t',
    ]);
    expect(stderr).toContain(
      'workload.controllerManager.downloader.secretKey is a credential, and readable in the bundle',
    );
    expect(stderr).not.toContain('s3cr3t');
  });

  it.each([
    [['--version', '1'], '--version 1: it must be a version such as 1.2.0'],
    [['--app-version', 'a b'], '--app-version a b: it must be a version such as 1.2.0'],
    [['--set', 'networking.enabeld=true'], 'unknown key networking.enabeld'],
    [['-d', 'no/such/folder'], '--destination no/such/folder: there is no such folder'],
    [['--bundle', '-', '-f', '-'], 'both name standard input'],
    [['--bundle', 'nothing.tgz'], 'nothing.tgz: no such file or folder'],
    [['--bundle', 'https://example.com/x.tgz'], 'Fetch the bundle first'],
  ])('is not written with %j', (args, message) => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const { status, stderr } = run(['package', '-d', empty, ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(readdirSync(empty)).toEqual([]);
  });
});

describe('kthena bundle show', () => {
  it('tells what is in a bundle', () => {
    const shown = JSON.parse(kthena('bundle', 'show', archive, '-o', 'json')) as Record<string, unknown>;
    expect(shown).toMatchObject({ name: 'kthena', version: '1.0.0', format: 1, checksums: 'verified' });
    expect(Object.keys(shown)).toEqual([
      'name',
      'version',
      'appVersion',
      'format',
      'minimumVersion',
      'checksums',
      'digest',
      'components',
      'kinds',
    ]);
    expect(kthena('bundle', 'show', root)).toContain('A folder without checksums');
  });

  it('refuses what an install would refuse', () => {
    const { status, stderr } = run(['bundle', 'show', '-'], bundleWith({ 'run.sh': 'x' }));
    expect(status).toBe(1);
    expect(stderr).toContain('Error: stdin: run.sh: no part of a bundle has this place');
  });
});

describe('a folder', () => {
  const write = (name: string): string => {
    const path = subfolder(name);
    for (const [file, text] of Object.entries(SAMPLE)) {
      if (!file.startsWith('bundle/')) continue;
      const target = join(path, file.slice('bundle/'.length));
      mkdirSync(join(target, '..'), { recursive: true });
      writeFileSync(target, text);
    }
    return path;
  };

  it('is taken as it is worked on', () => {
    expect(kthena('template', '--bundle', write('sound'))).toContain('text: hello');
  });

  it('has no links in it', () => {
    const path = write('linked');
    symlinkSync('/etc/passwd', join(path, 'manifests', 'parts', 'passwd.yaml'));
    expect(run(['template', '--bundle', path]).stderr).toContain(
      'manifests/parts/passwd.yaml: a bundle has plain files only, no links and no devices',
    );
  });

  it('says what is missing', () => {
    expect(run(['template', '--bundle', subfolder('bare')]).stderr).toContain('crds: there is no such folder');
  });
});
