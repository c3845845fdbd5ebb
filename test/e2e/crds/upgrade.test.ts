import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { crdsOf, NETWORKING, WORKLOAD } from '../../fixtures/crds/history.js';
import { mustRun, runKthena } from '../install/program.js';
import { BREAKS, REPAIRS, samplesOf, touch, type OldRelease } from './breaking-upgrade.js';
import {
  createResources,
  edit,
  labelOf,
  liveCrds,
  liveResources,
  must,
  nameOf,
  pathOf,
  resetCrds,
  schemaOf,
  specOf,
  versionsIn,
} from './crd-cluster.js';
import { ownedBy } from './dependents.js';
import { backupIn, testFolder } from './folder.js';
import { lightCrdsOf, lightSamplesOf } from './light.js';
import { safeUpgrades } from './safe-upgrade.js';
import { HAS_TERMINAL, runAtTerminal } from './terminal.js';

let cluster: ControlPlane;
const kthena = (args: string[], cwd = tmpdir()): Promise<CommandResult> => runKthena(args, { env: cluster.env, cwd });
const mustKthena = (args: string[], cwd = tmpdir()): Promise<CommandResult> => mustRun(args, { env: cluster.env, cwd });

const BUNDLED = crdsOf('1.0');
const [POLICIES, ROUTES, SERVERS, SERVINGS] = [
  `autoscalingpolicies.${WORKLOAD}`,
  `modelroutes.${NETWORKING}`,
  `modelservers.${NETWORKING}`,
  `modelservings.${WORKLOAD}`,
];

beforeAll(async () => {
  cluster = await startControlPlane();
  await must(cluster, 'POST', '/api/v1/namespaces', { metadata: { name: 'models' } });
});
afterAll(() => cluster?.stop());

/** The resources that a message names, each once. */
function namedIn(text: string): string[] {
  const names = [...text.matchAll(/^ +(\w+\/[\w-]+\/[\w-]+): /gm)].map(([, name]) => name!);
  return [...new Set(names)].sort();
}

/** Of these sample resources, the ones an edit of which the API server refuses as invalid. */
async function refusedEdits(resources: readonly KubeObject[], change: typeof touch): Promise<string[]> {
  const refused: string[] = [];
  for (const resource of resources) {
    const status = await edit(cluster, resource, change);
    if (status === 422) refused.push(labelOf(resource));
    else expect(status, labelOf(resource)).toBe(200);
  }
  return refused.sort();
}

async function expectBundledCrds(): Promise<void> {
  const live = await liveCrds(cluster);
  for (const crd of BUNDLED) {
    const found = live.find((one) => nameOf(one) === nameOf(crd));
    expect(found && schemaOf(found), nameOf(crd)).toEqual(schemaOf(crd));
  }
}

/** Each begins where the one before ended. */
describe.each(['0.2', '0.3', '0.4'] as OldRelease[])('with the CRDs of %s and resources of every kind', (release) => {
  const samples = samplesOf(release);
  const { invalid, loses } = BREAKS[release];
  const broken = [...invalid, ...loses].sort();

  beforeAll(async () => {
    await resetCrds(cluster, crdsOf(release));
    await createResources(cluster, samples);
  });

  async function expectRefused(...args: string[]): Promise<string> {
    const [before, folder] = [await versionsIn(cluster), await testFolder()];
    const { code, stdout, stderr } = await kthena(args, folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(namedIn(stderr)).toEqual(broken);
    expect(await versionsIn(cluster)).toEqual(before);
    expect(await readdir(folder)).toEqual([]);
    return stderr;
  }

  it('an upgrade is refused, names what would break and nothing else, and changes nothing', async () => {
    expect(await expectRefused('crds', 'upgrade')).toContain(`would break ${broken.length} stored resources`);
  });

  it.runIf(release === '0.3')('nor does any flag but --allow-breaking let it pass', async () => {
    const flags = ['--confirm-data-loss', '--force-conflicts', '--allow-downgrade'];
    await expectRefused('crds', 'upgrade', ...flags);
    await expectRefused('crds', 'upgrade', ...flags, '--dry-run');
  });

  it.runIf(release === '0.3')('nor does an install, which is not begun', async () => {
    await expectRefused('install');
    expect((await cluster.request('GET', '/api/v1/namespaces/kthena-system')).status).toBe(404);
  });

  it('--allow-breaking asks first, and without a terminal changes nothing', async () => {
    expect(await expectRefused('crds', 'upgrade', '--allow-breaking')).toContain('--confirm-data-loss');
  });

  it.runIf(release === '0.3' && HAS_TERMINAL)('a person who does not say yes changes nothing', async () => {
    const [before, cwd] = [await versionsIn(cluster), await testFolder()];
    const options = { env: cluster.env, cwd, question: /\[y\/N\]/, answer: String(broken.length) };
    const { code, screen } = await runAtTerminal(['crds', 'upgrade', '--allow-breaking'], options);
    expect(code).toBe(1);
    expect(screen).toContain('nothing was changed');
    expect(await versionsIn(cluster)).toEqual(before);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('a confirmed upgrade backs up what breaks, and the API server then refuses just that', async () => {
    const [folder, stored] = [await testFolder(), await liveResources(cluster)];
    const { stderr } = await mustKthena(['crds', 'upgrade', '--allow-breaking', '--confirm-data-loss'], folder);
    await expectBundledCrds();
    expect(namedIn(stderr)).toEqual(broken);

    const saved = new Map((await backupIn(folder)).map((resource) => [labelOf(resource), resource]));
    for (const name of broken) expect(saved.get(name)?.['spec'], name).toEqual(stored.get(name)!['spec']);

    expect(await refusedEdits(samples.filter(isOfBundle), touch)).toEqual([...invalid].sort());
    const label = (live: KubeObject): void => void (live.metadata.labels = { edited: 'yes' });
    expect(await refusedEdits(samples, label), 'what is not changed').toEqual([]);
    expect([...(await liveResources(cluster)).keys()].sort()).toEqual(samples.map(labelOf).sort());
  });

  it.runIf(release === '0.4')('backs up what controllers made too: they do not make it anew', async () => {
    await resetCrds(cluster, lightCrdsOf(release));
    const stored = await createResources(cluster, lightSamplesOf(release));
    const owner = stored.find(({ kind }) => kind === 'ModelBooster')!;
    const child = structuredClone(samples.find((sample) => broken.includes(labelOf(sample)))!);
    Object.assign(child.metadata, { name: 'child', ownerReferences: [ownedBy(owner)] });
    await createResources(cluster, [child]);
    const folder = await testFolder();
    const flags = ['--allow-breaking', '--confirm-data-loss'];
    expect(namedIn((await mustKthena(['crds', 'upgrade', ...flags], folder)).stderr)).toContain(labelOf(child));
    expect((await backupIn(folder)).map(labelOf)).toContain(labelOf(child));
  });

  it.skipIf(release === '0.2')('goes through without a question once these are mended or deleted', async () => {
    await resetCrds(cluster, crdsOf(release));
    await createResources(cluster, samples);
    for (const resource of samples.filter((sample) => broken.includes(labelOf(sample)))) {
      const repair = REPAIRS[resource.kind];
      await must(cluster, repair === undefined ? 'DELETE' : 'PATCH', pathOf(resource), repair);
    }
    const left = await liveResources(cluster);
    const folder = await testFolder();
    const { stdout } = await mustKthena(['crds', 'upgrade'], folder);
    expect(stdout).toMatch(new RegExp(`^${POLICIES} upgraded$`, 'm'));
    expect(await readdir(folder)).toEqual([]);
    await expectBundledCrds();
    expect(await liveResources(cluster)).toEqual(left);
    expect(await refusedEdits([...left.values()].filter(isOfBundle), touch)).toEqual([]);
    expect((await mustKthena(['crds', 'upgrade'])).stdout.match(/ unchanged$/gm)).toHaveLength(BUNDLED.length);
  });
});

function isOfBundle({ kind }: KubeObject): boolean {
  return BUNDLED.some((crd) => specOf(crd).names.kind === kind);
}

safeUpgrades(() => cluster);

describe('with CRDs that are newer than the bundle', () => {
  const NEWER = [POLICIES, SERVERS];

  beforeAll(async () => {
    await resetCrds(cluster, lightCrdsOf('main'));
    await createResources(cluster, lightSamplesOf('main'));
  });

  it.each(['crds upgrade', 'install'])('%s refuses to go back, and names them', async (command) => {
    const before = await versionsIn(cluster);
    const { code, stdout, stderr } = await kthena(command.split(' '));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const name of NEWER) expect(stderr).toContain(name);
    for (const name of [ROUTES, SERVINGS]) expect(stderr).not.toContain(name);
    expect(stderr).toContain('--allow-downgrade');
    expect(await versionsIn(cluster)).toEqual(before);
    expect((await cluster.request('GET', '/api/v1/namespaces/kthena-system')).status).toBe(404);
  });

  it('an install that skips CRDs leaves them alone', async () => {
    const before = await versionsIn(cluster);
    await mustKthena(['install', '--skip-crds', '--no-wait']);
    expect(await versionsIn(cluster)).toEqual(before);
    await mustKthena(['uninstall']);
  });

  it('goes back where that is allowed', async () => {
    const { stdout } = await mustKthena(['crds', 'upgrade', '--allow-downgrade']);
    for (const name of NEWER) expect(stdout).toContain(`${name} downgraded`);
    await expectBundledCrds();
    expect((await liveResources(cluster)).size).toBe(lightSamplesOf('main').length);
  });

  it('does not believe the version on a CRD that somebody else has changed since', async () => {
    const [older, newer] = [crdsOf('1.0'), crdsOf('main')].map((crds) => crds.filter((crd) => nameOf(crd) === SERVERS));
    await resetCrds(cluster, older!);
    await mustKthena(['crds', 'upgrade', SERVERS]);
    expect(await cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(newer![0]) })).toMatchObject({
      code: 0,
    });
    for (const command of [['crds', 'upgrade', SERVERS], ['install']]) {
      const { code, stderr } = await kthena(command);
      expect(code).toBe(1);
      expect(stderr).toContain(`CustomResourceDefinition/${SERVERS}`);
      expect(stderr).toMatch(/newer[^]*--allow-downgrade/);
    }
  });

  it('believes the version that is written on a CRD', async () => {
    const crds = crdsOf('0.4').filter((crd) => nameOf(crd) === POLICIES);
    crds[0]!.metadata.annotations = { 'kthena.io/bundle-version': '1.1.0' };
    await resetCrds(cluster, crds, 'kthena');
    const { code, stderr } = await kthena(['crds', 'upgrade', POLICIES]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/newer[^]*--allow-downgrade/);
  });
});

/** Each begins where the one before ended; nothing is changed until the last ones. */
describe('what is upgraded', () => {
  beforeAll(() => resetCrds(cluster, lightCrdsOf('0.4')));

  async function changedBy(...args: string[]): Promise<string[]> {
    const before = await versionsIn(cluster);
    await mustKthena(['crds', 'upgrade', ...args]);
    const after = await versionsIn(cluster);
    const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
    return changed.map((key) => key.split('/')[1]!);
  }

  it.each([
    ['an unknown name', ['nowhere.example'], 'nowhere.example'],
    ['an unknown name beside a known one', [POLICIES, 'nowhere.example'], 'nowhere.example'],
    ['a name of an older release', [`autoscalingpolicybindings.${WORKLOAD}`], 'autoscalingpolicybindings'],
    ['an unknown component', ['--component', 'storage'], 'storage'],
    ['a name that is not of the component', [POLICIES, '--component', 'networking'], POLICIES],
  ])('is nothing for %s, which is an error', async (_, args, named) => {
    const before = await versionsIn(cluster);
    const { code, stdout, stderr } = await kthena(['crds', 'upgrade', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(named);
    expect(stderr).not.toMatch(/defect|^\s+at /m);
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('is nothing with --dry-run, which tells what would be', async () => {
    const before = await versionsIn(cluster);
    const { stdout } = await mustKthena(['crds', 'upgrade', '--dry-run']);
    expect(stdout).toMatch(new RegExp(`^${POLICIES} would be upgraded$`, 'm'));
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('is what is named', async () => {
    expect(await changedBy(POLICIES)).toEqual([POLICIES]);
  });

  it('is one component with --component', async () => {
    expect((await changedBy('--component', 'networking')).sort()).toEqual([ROUTES, SERVERS]);
  });

  it('is made where it is missing', async () => {
    await resetCrds(cluster, []);
    const { stdout } = await mustKthena(['crds', 'upgrade']);
    expect(stdout.match(/ created$/gm)).toHaveLength(BUNDLED.length);
    await expectBundledCrds();
  });
});
