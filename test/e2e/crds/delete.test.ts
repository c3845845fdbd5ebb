import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { crdOf, crdsOf, NETWORKING, WORKLOAD } from '../../fixtures/crds/history.js';
import { mustRun, runKthena } from '../install/program.js';
import { samplesOf } from './breaking-upgrade.js';
import {
  createCrds,
  createResources,
  labelOf,
  liveCrds,
  liveResources,
  must,
  nameOf,
  resetCrds,
  specOf,
  versionsIn,
} from './crd-cluster.js';
import { createDependents, createPod, ownedBy } from './dependents.js';
import { backupIn, resourcesIn, testFolder } from './folder.js';
import { killedDeletions } from './killed.js';
import { lightCrdsOf, lightSamplesOf } from './light.js';
import { stuckDeletions } from './stuck-deletion.js';
import { HAS_TERMINAL, runAtTerminal } from './terminal.js';
import { unservedVersions } from './unserved.js';

let cluster: ControlPlane;
const kthena = (args: string[], cwd: string, input?: string): Promise<CommandResult> =>
  runKthena(args, { env: cluster.env, cwd, ...(input === undefined ? {} : { input }) });

const CRDS = crdsOf('1.0');
const SAMPLES = samplesOf('1.0');
const [LIGHT_CRDS, LIGHT_SAMPLES] = [lightCrdsOf('1.0'), lightSamplesOf('1.0')];
const COUNT = LIGHT_SAMPLES.length;
const [BOOSTERS, ROUTES, SERVERS] = [
  `modelboosters.${WORKLOAD}`,
  `modelroutes.${NETWORKING}`,
  `modelservers.${NETWORKING}`,
];

beforeAll(async () => {
  cluster = await startControlPlane();
  await must(cluster, 'POST', '/api/v1/namespaces', { metadata: { name: 'models' } });
});
afterAll(() => cluster?.stop());

async function withSamples(): Promise<void> {
  await resetCrds(cluster, LIGHT_CRDS);
  await createResources(cluster, LIGHT_SAMPLES);
}

async function crdNames(): Promise<string[]> {
  return (await liveCrds(cluster)).map(nameOf).sort();
}

function namesBut(crds: readonly KubeObject[], ...names: string[]): string[] {
  return crds
    .map(nameOf)
    .filter((name) => !names.includes(name))
    .sort();
}

/** Every combination of these flags, each one given or not. */
function combinations(flags: readonly string[][]): string[][] {
  return flags.reduce<string[][]>((all, flag) => [...all, ...all.map((some) => [...some, ...flag])], [[]]);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all([worker(), worker(), worker()]);
}

describe('without --confirm-data-loss', () => {
  beforeAll(withSamples);

  it('no other flag, nor several together, deletes a resource where there is no terminal', async () => {
    const [before, folder] = [await versionsIn(cluster), await testFolder()];
    const all = combinations([
      [ROUTES],
      ['--yes'],
      ['--force'],
      ['--no-backup'],
      ['--backup-file', 'x.yaml'],
      ['--timeout', '1s'],
    ]);
    expect(all).toHaveLength(64);
    await inParallel(all, async (flags) => {
      // Not even the right number will do where it comes out of a pipe.
      const count = flags.includes(ROUTES) ? 1 : COUNT;
      const { code, stdout, stderr } = await kthena(['crds', 'delete', ...flags], folder, `${count}\ny\n`);
      expect({ code, stdout }, flags.join(' ')).toEqual({ code: 1, stdout: '' });
      expect(stderr, flags.join(' ')).toMatch(/resources? would be lost|contradict/);
      expect(stderr, flags.join(' ')).not.toMatch(/^\s+at /m);
    });
    expect(await versionsIn(cluster)).toEqual(before);
    expect(await readdir(folder)).toEqual([]);
  }, 180_000);

  it.each(['--confirm-data-loss=false', '--no-confirm-data-loss', '--confirm-data', '--confirm'])(
    '%s is not taken for it',
    async (flag) => {
      const before = await versionsIn(cluster);
      expect((await kthena(['crds', 'delete', flag, '--yes', '--force'], await testFolder())).code).toBe(1);
      expect(await versionsIn(cluster)).toEqual(before);
    },
  );

  const question = /Type the number/;

  it.runIf(HAS_TERMINAL).each(['', 'yes', `${COUNT - 1}`, `0${COUNT}`, `${COUNT} ${COUNT}`])(
    `a person who types "%s" for ${COUNT} loses nothing`,
    async (answer) => {
      const [before, cwd] = [await versionsIn(cluster), await testFolder()];
      const flags = ['--yes', '--force', '--no-backup'];
      const session = await runAtTerminal(['crds', 'delete', ...flags], { env: cluster.env, cwd, question, answer });
      expect(session.screen).toMatch(question);
      expect(session.screen).toContain('not confirmed; nothing was deleted');
      expect(session.code).toBe(1);
      expect(await versionsIn(cluster)).toEqual(before);
      expect(await readdir(cwd)).toEqual([]);
    },
  );

  it.runIf(HAS_TERMINAL).each([
    ['Ctrl-C', '\u0003', 130, 'stopped at the question'],
    ['Ctrl-D', '\u0004', 1, 'not confirmed'],
  ])('a person who presses %s at the question loses nothing', async (_, key, expected, message) => {
    const [before, cwd] = [await versionsIn(cluster), await testFolder()];
    const options = { env: cluster.env, cwd, question, answer: key };
    const { code, screen } = await runAtTerminal(['crds', 'delete'], options);
    expect(screen).toContain(`Error: ${message}; nothing was`);
    expect(code).toBe(expected);
    expect(await versionsIn(cluster)).toEqual(before);
    expect(await readdir(cwd)).toEqual([]);
  });

  it.runIf(HAS_TERMINAL).each([120, 0])('at %i columns a person who types the number deletes', async (columns) => {
    await withSamples();
    const cwd = await testFolder();
    const options = { env: cluster.env, cwd, question, answer: String(COUNT), columns };
    const { code, screen } = await runAtTerminal(['crds', 'delete'], options);
    expect(code, screen.slice(0, 2000)).toBe(0);
    expect(await liveCrds(cluster)).toEqual([]);
    expect((await backupIn(cwd)).map(labelOf).sort()).toEqual(LIGHT_SAMPLES.map(labelOf).sort());
  });
});

describe('with no resources', () => {
  beforeAll(() => resetCrds(cluster, LIGHT_CRDS));

  it('it takes a yes', async () => {
    const folder = await testFolder();
    const { code, stderr } = await kthena(['crds', 'delete'], folder, 'y\n');
    expect(code).toBe(1);
    expect(stderr).toContain('--yes');
    for (const crd of LIGHT_CRDS) expect(stderr).toContain(`  ${nameOf(crd)}\n`);
    expect(await liveCrds(cluster)).toHaveLength(LIGHT_CRDS.length);

    expect((await kthena(['crds', 'delete', ROUTES, '--yes'], folder)).code).toBe(0);
    expect(await crdNames()).toEqual(namesBut(LIGHT_CRDS, ROUTES));
    expect((await kthena(['crds', 'delete', '--yes'], folder)).code).toBe(0);
    expect(await liveCrds(cluster)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    expect(await kthena(['crds', 'delete', '--yes'], folder)).toMatchObject({
      code: 0,
      stdout: 'The cluster has none of these CRDs.\n',
    });
  });

  it('an unknown name is an error, and nothing is deleted', async () => {
    await resetCrds(cluster, LIGHT_CRDS);
    const { code, stderr } = await kthena(['crds', 'delete', ROUTES, 'pods', '--yes'], await testFolder());
    expect(code).toBe(1);
    expect(stderr).toContain('pods');
    expect(await liveCrds(cluster)).toHaveLength(LIGHT_CRDS.length);
  });
});

describe('with --confirm-data-loss', () => {
  beforeAll(async () => {
    await resetCrds(cluster, CRDS);
    await createResources(cluster, SAMPLES);
  });
  const confirmed = ['crds', 'delete', '--confirm-data-loss'];

  it.each<[string, (folder: string) => Promise<string>]>([
    ['in a folder that is not there', async (folder) => join(folder, 'nowhere', 'x.yaml')],
    [
      'below a file',
      async (folder) => {
        await writeFile(join(folder, 'file'), '');
        return join(folder, 'file', 'x.yaml');
      },
    ],
    [
      'in place of an existing file',
      async (folder) => {
        await writeFile(join(folder, 'x.yaml'), 'precious');
        return join(folder, 'x.yaml');
      },
    ],
    ['that is a folder', async (folder) => folder],
    ['to standard output', async () => '-'],
  ])('a backup %s fails, and nothing is deleted', async (_, prepare) => {
    const folder = await testFolder();
    const file = await prepare(folder);
    const files = await readdir(folder);
    const before = await versionsIn(cluster);
    const { code, stdout, stderr } = await kthena([...confirmed, '--backup-file', file], folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Error: (?!this is a defect)/m);
    expect(stderr).toContain(file);
    expect(await versionsIn(cluster)).toEqual(before);
    expect(await readdir(folder)).toEqual(files);
    expect(stderr, 'what has another meaning here').not.toMatch(/--force| -o\b/);
    if (files.includes('x.yaml')) expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it.skipIf(process.getuid?.() === 0)('a folder that may not be written is no place for a backup', async () => {
    const [folder, before] = [await testFolder(), await versionsIn(cluster)];
    await chmod(folder, 0o555);
    expect((await kthena(confirmed, folder)).code).toBe(1);
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('it tells what is lost and what goes with it, and deletes only what is named', async () => {
    const resources = await liveResources(cluster);
    await createDependents(cluster, resources.get('ModelServing/models/kept')!);
    const folder = await testFolder();
    const servings = CRDS.find((crd) => specOf(crd).names.kind === 'ModelServing')!;
    const names = [nameOf(servings), ROUTES];
    const { code, stdout, stderr } = await kthena(
      [...confirmed, ...names, '--backup-file', 'two.yaml', '-o', 'json'],
      folder,
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^ModelServing +models +1$/m);
    expect(stderr).toMatch(/^ModelRoute +models +1$/m);
    expect(stderr).toMatch(/2 Pods?\b.* 1 Services?\b/);
    expect(JSON.parse(stdout)).toMatchObject({
      crds: [...names].sort(),
      resources: expect.arrayContaining([{ kind: 'ModelServing', namespace: 'models', count: 1 }]) as unknown,
      dependents: [
        { kind: 'Pod', count: 2 },
        { kind: 'Service', count: 1 },
      ],
      backup: 'two.yaml',
    });
    const saved = await resourcesIn(join(folder, 'two.yaml'));
    const lost = ['ModelRoute/models/kept', 'ModelServing/models/kept'];
    expect(saved.map(labelOf).sort()).toEqual(lost);
    for (const resource of saved) expect(resource['spec']).toEqual(resources.get(labelOf(resource))!['spec']);
    const left = await liveResources(cluster);
    expect([...left.keys()].sort()).toEqual([...resources.keys()].filter((name) => !lost.includes(name)).sort());
    expect(await crdNames()).toEqual(namesBut(CRDS, ...names));
  });

  it('it tells of resources of other kinds that go too, since their owner goes', async () => {
    const booster = (await liveResources(cluster)).get('ModelBooster/models/kept')!;
    const server = SAMPLES.find(({ kind }) => kind === 'ModelServer')!;
    const child: KubeObject = structuredClone(server);
    Object.assign(child.metadata, { name: 'child', ownerReferences: [ownedBy(booster)] });
    const [stored] = await createResources(cluster, [child]);
    await createPod(cluster, 'grandchild', [stored!]);

    const { code, stderr } = await kthena([...confirmed, BOOSTERS], await testFolder());
    expect(code).toBe(0);
    expect(stderr).toMatch(/1 ModelServer\b/);
    expect(stderr).toMatch(/1 Pod\b/);
  });

  it('a release that needs the CRDs is in the way, unless --force', async () => {
    const folder = await testFolder();
    await mustRun(['install', '--skip-crds', '--no-wait'], { env: cluster.env });
    const before = await versionsIn(cluster);
    const { code, stderr } = await kthena(confirmed, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/release kthena in namespace kthena-system/);
    expect(stderr).toMatch(/kthena uninstall|--force/);
    expect(await versionsIn(cluster)).toEqual(before);
    expect(await readdir(folder)).toEqual([]);

    await createCrds(cluster, [crdOf('0.4', 'AutoscalingPolicyBinding')]);
    const leftOver = `autoscalingpolicybindings.${WORKLOAD}`;
    expect((await kthena([...confirmed, leftOver], folder)).code, 'what it has no use for').toBe(0);

    expect((await kthena([...confirmed, SERVERS, '--force'], folder)).code).toBe(0);
    expect(await crdNames()).not.toContain(SERVERS);
    await mustRun(['uninstall'], { env: cluster.env });
  });
});

stuckDeletions(() => cluster);
unservedVersions(() => cluster);
killedDeletions(() => cluster);
