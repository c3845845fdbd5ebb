import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane } from '../../cluster/index.mjs';

const root = new URL('../../..', import.meta.url).pathname;

describe('the package that npm pack makes', () => {
  let folder: string;
  const kthena = (...args: string[]): string =>
    execFileSync(join(folder, 'node_modules', '.bin', 'kthena'), args, { encoding: 'utf8', cwd: folder });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kthena-package-'));
    // The tests have built it already; building again would take dist/ from under the others.
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
    writeFileSync(join(folder, 'package.json'), '{"private": true}');
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], {
      cwd: folder,
      stdio: 'pipe',
    });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('needs no other package, so that it installs without a network', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['kthena']);
  });

  it('has a program that runs', () => {
    expect(kthena('version')).toContain('Kthena 1.0.0');
    expect(kthena('template', '--include-crds')).toContain('kind: CustomResourceDefinition');
    expect(kthena('lint')).toBe('No problems found.\n');
  });

  it('completes at the Tab key', () => {
    expect(kthena('completion', 'bash')).toContain('complete -F _kthena kthena');
    expect(kthena('__complete', ':instal')).toMatch(/^install\t/);
  });

  it('installs, shows and removes Kthena with nothing but Node in its PATH', async () => {
    const cluster = await startControlPlane();
    try {
      const PATH = dirname(process.execPath);
      const at = { KUBECONFIG: cluster.env['KUBECONFIG'], HOME: folder, PATH };
      const program = join(folder, 'node_modules', 'kthena', 'bin', 'kthena.js');
      const run = (...args: string[]): string =>
        execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: folder, env: at, stdio: 'pipe' });
      expect(run('install', '--timeout', '2m')).toContain('is installed: release kthena, namespace kthena-system');
      const { status, objects } = JSON.parse(run('status', '-o', 'json')) as {
        status: string;
        objects: { state: string }[];
      };
      expect(status).toBe('deployed');
      expect(objects.filter(({ state }) => state !== 'ready')).toEqual([]);
      expect(run('uninstall', '--wait', '--delete-namespace')).toContain('kthena');
      expect(JSON.parse(run('list', '-A', '-o', 'json'))).toEqual([]);
    } finally {
      await cluster.stop();
    }
  });

  it('holds the templates and CRDs as files, and neither sources nor tests', () => {
    const files = readdirSync(join(folder, 'node_modules', 'kthena'));
    const folders = ['bin', 'crds', 'dist', 'docs', 'examples', 'manifests'];
    expect(files.sort()).toEqual(['LICENSE', 'README.md', ...folders, 'package.json']);
    expect(readdirSync(join(folder, 'node_modules', 'kthena', 'crds')).every((name) => name.endsWith('.yaml'))).toBe(
      true,
    );
  });
});
