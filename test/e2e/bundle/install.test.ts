import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { objectsIn, objectsOfRelease, versionsIn } from '../install/cluster-state.js';
import { mustRun, runKthena } from '../install/program.js';
import { definitionWith, bundleWith } from '../../unit/bundle/sample.js';

const NAMESPACE = 'kthena-system';
const SAID = 'this is a bundle for kthena, which Helm cannot install; run: kthena install --bundle kthena-1.0.0.tgz';

let cluster: ControlPlane;
let folder: string;
let archive: string;

beforeAll(async () => {
  cluster = await startControlPlane();
  folder = mkdtempSync(join(tmpdir(), 'kthena-bundle-'));
  archive = join(folder, 'kthena-1.0.0.tgz');
  await mustRun(['package', '-d', folder], { env: cluster.env });
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

/** What users and this tool say of an object; the server's own remarks left out. */
function wanted({ metadata, ...rest }: KubeObject): object {
  const { name, namespace, labels, annotations } = metadata;
  const { status: _, ...content } = rest as Record<string, unknown>;
  return { ...content, metadata: { name, namespace, labels, annotations } };
}

async function installed(...args: string[]): Promise<Record<string, object>> {
  await mustRun(['install', '--no-wait', ...args], { env: cluster.env });
  const objects = await objectsOfRelease(cluster, 'kthena', NAMESPACE);
  await mustRun(['uninstall'], { env: cluster.env });
  await mustRun(['crds', 'delete', '--no-backup', '--yes'], { env: cluster.env });
  return Object.fromEntries([...objects].map(([name, object]) => [name, withoutChosen(wanted(object))]));
}

/** The server chooses them anew each time, and each install issues its certificates. */
function withoutChosen(object: object): object {
  return JSON.parse(
    JSON.stringify(object, (key, value: unknown) =>
      /^(caBundle|clusterIPs?|nodePort|deployment\.kubernetes\.io\/revision)$/.test(key) ? undefined : value,
    ),
  ) as object;
}

describe('a packaged bundle', () => {
  it('installs the same objects as the built-in one, from an archive, unpacked, and from standard input', async () => {
    const expected = await installed();
    expect(Object.keys(expected).length).toBeGreaterThan(15);
    expect(await installed('--bundle', archive)).toEqual(expected);
    execFileSync('tar', ['-xzf', archive, '-C', folder]);
    expect(await installed('--bundle', join(folder, 'kthena'))).toEqual(expected);
    await mustRun(['install', '--no-wait', '--bundle', '-'], {
      env: cluster.env,
      input: readFileSync(archive),
    });
    await mustRun(['uninstall'], { env: cluster.env });
    await mustRun(['crds', 'delete', '--no-backup', '--yes'], { env: cluster.env });
  }, 120_000);

  it.each(['helm3', 'helm4'] as const)(
    'is refused by %s with a sentence that names kthena, and nothing is written',
    async (helm) => {
      const before = await versionsIn(cluster);
      for (const args of [
        ['install', 'kthena', archive, '-n', NAMESPACE, '--create-namespace'],
        ['upgrade', '--install', 'kthena', archive, '-n', 'default'],
        ['install', 'kthena', archive, '-n', 'default', '--dry-run=server'],
        ['template', 'kthena', archive, '--include-crds'],
      ]) {
        const { code, stdout, stderr } = await cluster[helm](args);
        expect(code).not.toBe(0);
        expect(stderr).toContain(SAID);
        expect(stdout).not.toContain('CustomResourceDefinition');
      }
      expect(await versionsIn(cluster)).toEqual(before);
      expect((await cluster[helm](['list', '-A', '-a', '-q'])).stdout).toBe('');
      expect([...(await objectsIn(cluster)).keys()].filter((name) => name.includes('volcano'))).toEqual([]);
    },
  );

  it.each(['helm3', 'helm4'] as const)('is a chart to %s, which can show it and index it', async (helm) => {
    const { stdout } = await cluster[helm](['show', 'chart', archive]);
    expect(stdout).toMatch(/^apiVersion: v2$/m);
    expect(stdout).toMatch(/^name: kthena$/m);
    expect(stdout).toMatch(/^version: 1\.0\.0$/m);
    const indexed = await cluster[helm](['repo', 'index', folder]);
    expect(indexed.code).toBe(0);
    expect(readFileSync(join(folder, 'index.yaml'), 'utf8')).toContain('kthena-1.0.0.tgz');
  });
});

describe('a bundle from elsewhere', () => {
  it('writes nothing where it makes an object of a kind that it does not declare', async () => {
    const file = join(folder, 'undeclared.tgz');
    writeFileSync(file, bundleWith(definitionWith('v1/ConfigMap', 'v1/Service')));
    const before = await versionsIn(cluster);
    const { code, stderr } = await runKthena(['install', '--bundle', file], { env: cluster.env });
    expect(code).toBe(1);
    expect(stderr).toContain('it makes a ConfigMap of v1, a kind that the bundle does not declare');
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('is installed with its own kinds and CRDs', async () => {
    const file = join(folder, 'sample.tgz');
    writeFileSync(file, bundleWith());
    await mustRun(['install', '--bundle', file], { env: cluster.env });
    const objects = await objectsOfRelease(cluster, 'kthena', NAMESPACE);
    expect([...objects.keys()]).toEqual([`ConfigMap/${NAMESPACE}/parts`]);
    const { stdout } = await mustRun(['crds', 'list', '--bundle', file, '-o', 'json'], { env: cluster.env });
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'things.test.serving.volcano.sh', state: 'same' }]);
  });
});
