import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startControlPlane, type CommandResult, type ControlPlane } from '../../cluster/index.mjs';
import { formatRef, refOf, type KubeObject } from '../../../src/kube/object.js';
import {
  CERTIFICATE_SECRETS,
  clearReleases,
  crdNames,
  deleteCrds,
  eventually,
  get,
  objectsIn,
  objectsOfRelease,
  settledVersionsIn,
  versionsIn,
} from './cluster-state.js';
import { goldenObjects, missingFrom, shippedCrds } from './golden.js';
import { hasLine, mustRun, NEVER_READY, runKthena } from './program.js';

const NAMESPACE = 'kthena-system';

let cluster: ControlPlane;
const kthena = (...args: string[]): Promise<CommandResult> => runKthena(args, { env: cluster.env });
const must = (...args: string[]): Promise<CommandResult> => mustRun(args, { env: cluster.env });

beforeAll(async () => {
  cluster = await startControlPlane();
});
afterAll(() => cluster.stop());

const named = (objects: readonly KubeObject[]): string[] => objects.map((object) => formatRef(refOf(object))).sort();
const namesOf = (objects: ReadonlyMap<string, KubeObject>): string[] => [...objects.keys()].sort();

describe('kthena install with all components', () => {
  let install: CommandResult;
  let available: unknown[];
  let before: Record<string, unknown>;

  beforeAll(async () => {
    before = await settledVersionsIn(cluster);
    install = await kthena('install', '--set', 'workload.enabled=true');
    const deployments = await cluster.request('GET', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`);
    available = (deployments.body as { items: { status: { availableReplicas?: number } }[] }).items.map(
      ({ status }) => status.availableReplicas,
    );
  });

  it('succeeds, and ends only when the Deployments are available', () => {
    expect(install.stderr).not.toContain('Error');
    expect(install.code).toBe(0);
    expect(available).toEqual([1, 1]);
  });

  it('makes the objects of the templates and no others, field for field', async () => {
    const expected = goldenObjects('default');
    const live = await objectsIn(cluster);
    const record = `Secret/${NAMESPACE}/sh.helm.release.v1.kthena.v1`;
    const certificates = CERTIFICATE_SECRETS.map((name) => `Secret/${NAMESPACE}/${name}`);
    const made = [...named([...expected, ...shippedCrds()]), `Namespace/${NAMESPACE}`, record, ...certificates];
    expect(namesOf(live).filter((name) => !(name in before))).toEqual(made.sort());
    const missing = expected.flatMap((object) => {
      const name = formatRef(refOf(object));
      return missingFrom(live.get(name), object, name);
    });
    expect(missing).toEqual([]);
  });

  it("marks every object as the release's, as Helm does", async () => {
    const live = await objectsOfRelease(cluster, 'kthena', NAMESPACE);
    expect(namesOf(live)).toEqual(named(goldenObjects('default')));
    for (const { metadata } of live.values()) {
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm' });
    }
  });

  it('establishes and serves the five CRDs', async () => {
    expect(await crdNames(cluster)).toEqual(
      shippedCrds()
        .map(({ metadata }) => metadata.name)
        .sort(),
    );
    for (const { spec } of shippedCrds() as (KubeObject & { spec: CrdSpec })[]) {
      const path = `/apis/${spec.group}/${spec.versions[0]!.name}/${spec.names.plural}`;
      expect((await cluster.request('GET', path)).status, path).toBe(200);
    }
  });

  it('tells the result on standard output and the progress on standard error', () => {
    expect(install.stdout).toMatch(
      /^Kthena 1\.0\.0 is installed: release kthena, namespace kthena-system, revision 1\.$/m,
    );
    expect(install.stdout).toContain(`kthena status kthena -n ${NAMESPACE}`);
    for (const name of named([...goldenObjects('default'), ...shippedCrds()])) {
      expect(hasLine(install.stderr, name, 'created'), name).toBe(true);
      expect(hasLine(install.stdout, name, 'created'), name).toBe(false);
    }
    expect(install.stderr).not.toContain('is installed');
  });

  it.each(['helm3', 'helm4'] as const)('leaves a record that %s reads', async (helm) => {
    const read = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, code } = await cluster[helm]([...args, '-n', NAMESPACE]);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      return stdout;
    };
    expect(JSON.parse(await read('list', '-o', 'json'))).toMatchObject([
      {
        name: 'kthena',
        namespace: NAMESPACE,
        revision: '1',
        status: 'deployed',
        chart: 'kthena-1.0.0',
        app_version: '1.0.0',
      },
    ]);
    expect(JSON.parse(await read('get', 'values', 'kthena', '-o', 'json'))).toEqual({ workload: { enabled: true } });
    const manifest = await read('get', 'manifest', 'kthena');
    for (const { kind, metadata } of goldenObjects('default')) {
      expect(manifest).toMatch(new RegExp(`^kind: ${kind}\nmetadata:\n  name: ${metadata.name}$`, 'm'));
    }
    expect(JSON.parse(await read('history', 'kthena', '-o', 'json'))).toMatchObject([
      { revision: 1, status: 'deployed', description: 'Install complete' },
    ]);
  });

  it('shows in kthena list and kthena status', async () => {
    await cluster.kubectl(['create', 'namespace', 'empty']);
    const list = await must('list', '-A', '-o', 'json');
    expect(JSON.parse(list.stdout)).toMatchObject([
      { name: 'kthena', namespace: NAMESPACE, revision: 1, status: 'deployed', appVersion: '1.0.0', madeBy: 'kthena' },
    ]);
    expect((await must('list')).stdout).toMatch(
      /^kthena +kthena-system +1 .* deployed +kthena-1\.0\.0 +1\.0\.0 +kthena$/m,
    );
    expect(JSON.parse((await must('list', '-n', 'empty', '-o', 'json')).stdout)).toEqual([]);

    const status = JSON.parse((await must('status', '-o', 'json')).stdout) as { objects: KubeObject[] };
    expect(status).toMatchObject({ name: 'kthena', namespace: NAMESPACE, revision: 1, status: 'deployed' });
    expect(status.objects).toHaveLength(goldenObjects('default').length);
    expect(status.objects.filter(({ state }) => state !== 'ready')).toEqual([]);
  });

  it('changes nothing when it is run again', async () => {
    const before = await settledVersionsIn(cluster);
    const again = await kthena('install', '--set', 'workload.enabled=true');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/installed already, and nothing changes \(revision 1\)/);
    expect(await versionsIn(cluster)).toEqual(before);

    const json = await must('install', '--set', 'workload.enabled=true', '-o', 'json');
    const { outcome, changes } = JSON.parse(json.stdout) as InstallDocument;
    expect(outcome).toBe('unchanged');
    expect([...new Set(changes.map(({ action }) => action))]).toEqual(['unchanged']);
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('points to kthena upgrade when other values are given, and changes nothing', async () => {
    const before = await settledVersionsIn(cluster);
    const again = await kthena('install', '--set', 'networking.kthenaRouter.replicas=2');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('Deployment/kthena-system/kthena-router: update');
    expect(again.stderr).toContain('kthena upgrade kthena -n kthena-system');
    expect(await versionsIn(cluster)).toEqual(before);
  });

  it('says which releases there are instead of one that is not there', async () => {
    const { code, stdout, stderr } = await kthena('status', 'other');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/release other not found in namespace kthena-system[^]*kthena list -A/);
  });
});

describe('kthena install of a part', () => {
  beforeEach(async () => {
    await clearReleases(cluster);
    await deleteCrds(cluster);
  });

  it.each([
    ['networking', 'workload', 'networking-only'],
    ['workload', 'networking', 'workload-only'],
  ])('installs the objects and CRDs of %s alone where %s is off', async (on, off, golden) => {
    const result = await must('install', 'part', '-n', on, '--set', `${off}.enabled=false`, '-o', 'json');
    const crds = shippedCrds().filter(({ metadata }) => metadata.name.endsWith(`${on}.serving.volcano.sh`));
    const expected = goldenObjects(golden).map((object) => inNamespace(object, on));
    expect(await crdNames(cluster)).toEqual(crds.map(({ metadata }) => metadata.name).sort());
    expect(namesOf(await objectsOfRelease(cluster, 'part', on))).toEqual(named(expected));

    const document = JSON.parse(result.stdout) as InstallDocument;
    expect(Object.keys(document).sort()).toEqual(['changes', 'name', 'namespace', 'outcome', 'remarks', 'revision']);
    expect(document).toMatchObject({ name: 'part', namespace: on, outcome: 'installed', revision: 1 });
    const { changes } = document;
    expect([...new Set(changes.map(({ action }) => action))]).toEqual(['create']);
    const made = changes.map(({ kind, namespace, name }) =>
      namespace ? `${kind}/${namespace}/${name}` : `${kind}/${name}`,
    );
    const component = on === 'networking' ? 'kthena-router' : 'kthena-controller-manager';
    const certificate = `Secret/${on}/${component}-webhook-certs`;
    expect(made.sort()).toEqual([`Namespace/${on}`, certificate, ...named(crds), ...named(expected)].sort());
  });

  it('leaves the CRDs alone with --skip-crds', async () => {
    await must('install', '-n', 'no-crds', '--skip-crds');
    expect(await crdNames(cluster)).toEqual([]);
    expect(namesOf(await objectsOfRelease(cluster, 'kthena', 'no-crds'))).toHaveLength(goldenObjects('default').length);
  });
});

describe('kthena install', () => {
  beforeEach(() => clearReleases(cluster));

  it('does not wait with --no-wait, and status tells why something is not ready', async () => {
    const { stdout } = await must(
      'install',
      '-n',
      'unready',
      '--no-wait',
      '--description',
      'made in a hurry',
      ...NEVER_READY,
    );
    expect(stdout).toContain('is installed');
    const status = await eventually('the reason is seen', async () => {
      const result = await must('status', '-n', 'unready');
      return result.stdout.includes('ImagePullBackOff') ? result.stdout : undefined;
    });
    expect(status).toContain('deployed: made in a hurry');
    expect(hasLine(status, 'Deployment/unready/kthena-router', 'progressing', '0', 'of', '1')).toBe(true);
    expect(status).toMatch(/Deployment\/unready\/kthena-router: ImagePullBackOff: .*made to fail by the test/);

    const json = JSON.parse((await must('status', '-n', 'unready', '-o', 'json')).stdout) as StatusDocument;
    const router = json.objects.find(({ kind, name }) => kind === 'Deployment' && name === 'kthena-router');
    expect(router).toMatchObject({ state: 'progressing', problems: [{ reason: 'ImagePullBackOff' }] });

    const history = await cluster.helm4(['history', 'kthena', '-n', 'unready', '-o', 'json']);
    expect(JSON.parse(history.stdout)).toMatchObject([{ status: 'deployed', description: 'made in a hurry' }]);
  });

  it('keeps credentials out of all it prints, and puts them into the Secret', async () => {
    const values = ['--set', 'workload.controllerManager.downloader.secretKey=correct-horse', '--debug'];
    const { stdout, stderr } = await must('install', '-n', 'secretive', ...values, '-o', 'yaml');
    const status = await must('status', '-n', 'secretive', '-o', 'yaml');
    const encoded = Buffer.from('correct-horse').toString('base64');
    for (const text of [stdout, stderr, status.stdout, status.stderr]) {
      expect(text).not.toContain('correct-horse');
      expect(text).not.toContain(encoded);
    }
    const secret = await get(cluster, '/api/v1/namespaces/secretive/secrets/downloader-secrets');
    expect(secret!['data']).toMatchObject({ SECRET_KEY: encoded });
  });

  it('started twice at once ends in one whole release', async () => {
    const results = await Promise.all([kthena('install', '-n', 'twice'), kthena('install', '-n', 'twice')]);
    expect(results.map(({ code }) => code)).toContain(0);
    for (const { stderr } of results.filter(({ code }) => code !== 0)) expect(stderr).toMatch(/another run/);
    expect((await must('status', '-n', 'twice')).stdout).toMatch(/^Status: +deployed/m);
    expect(await objectsOfRelease(cluster, 'kthena', 'twice')).toHaveProperty('size', goldenObjects('default').length);
  });

  it('started at once for two namespaces does not say of both that they are installed', async () => {
    const namespaces = ['one', 'other'];
    const results = await Promise.all(namespaces.map((namespace) => kthena('install', '-n', namespace)));
    const installed = namespaces.filter((_, index) => results[index]!.code === 0);
    for (const namespace of installed) {
      const objects = await objectsOfRelease(cluster, 'kthena', namespace);
      expect(objects.size, `objects of the release in ${namespace}`).toBe(goldenObjects('default').length);
    }
  });
});

interface CrdSpec {
  group: string;
  names: { plural: string };
  versions: { name: string }[];
}

interface InstallDocument {
  outcome: string;
  changes: { action: string; kind: string; namespace?: string; name: string }[];
}

interface StatusDocument {
  objects: { kind: string; name: string }[];
}

/** A golden object as an install into another namespace names it. */
function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { metadata } = object;
  return metadata.namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace } };
}
