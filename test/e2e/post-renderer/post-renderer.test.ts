import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { startControlPlane, type ControlPlane } from '../../cluster/index.mjs';
import { eventually, get, objectsIn, settledVersionsIn } from '../install/cluster-state.js';
import { hasLine, mustRun, runKthena, startKthena } from '../install/program.js';

const NAMESPACE = 'kthena-system';
const CONFIG_MAP = `/api/v1/namespaces/${NAMESPACE}/configmaps/added`;
const POD_TEMPLATE = `/api/v1/namespaces/${NAMESPACE}/podtemplates/added`;
const SERVICE = `/api/v1/namespaces/${NAMESPACE}/services/kthena-router`;

/** Flags for a post-renderer that is a line of shell. */
const shell = (script: string): string[] => [
  '--post-renderer',
  'sh',
  '--post-renderer-args=-c',
  '--post-renderer-args',
  script,
];
const document = (text: string): string => `printf '%b' '---\\n${text.replaceAll('\n', '\\n')}'`;
const LABEL = "sed 's/^  labels:$/  labels:\\n    example.com\\/team: serving/'";
const ADDED = document('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: added}\ndata: {a: b}\n');
/** Of a kind for which the server has to be asked whether it has namespaces. */
const ADDED_TOO = document(
  'apiVersion: v1\nkind: PodTemplate\nmetadata: {name: added}\ntemplate: {spec: {containers: [{name: a, image: b}]}}\n',
);
const BOTH = shell(`${LABEL}; ${ADDED}; ${ADDED_TOO}`);
const ONLY_LABEL = shell(LABEL);

let cluster: ControlPlane;
let folder: string;
beforeAll(async () => {
  cluster = await startControlPlane();
  folder = mkdtempSync(join(tmpdir(), 'kthena-post-renderer-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await cluster.stop();
});

const run = (...args: string[]): ReturnType<typeof runKthena> => runKthena(args, { env: cluster.env });
const must = async (...args: string[]): Promise<string> => (await mustRun(args, { env: cluster.env })).stdout;
const teamOf = async (path: string): Promise<string | undefined> =>
  (await get(cluster, path))?.metadata.labels?.['example.com/team'];

describe('before anything is installed', () => {
  let before: string[];
  beforeEach(async () => {
    before = [...(await objectsIn(cluster)).keys()];
  });
  const expectNothingWritten = async (): Promise<void> => {
    expect([...(await objectsIn(cluster)).keys()]).toEqual(before);
  };

  it.each([
    [
      'fails',
      shell('cat >/dev/null; echo "no such file: x" >&2; exit 2'),
      'failed with exit code 2',
      'no such file: x',
    ],
    ['prints nothing', shell('cat >/dev/null'), 'cannot be used: it has no objects', 'Hint: '],
    ['does not exist', ['--post-renderer', './none'], '--post-renderer: "./none" is not found', 'Hint: '],
    [
      'adds a CRD',
      shell(
        `cat; ${document('apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n')}`,
      ),
      'CustomResourceDefinition/a.b.c: a CRD would go',
      'Hint: ',
    ],
    [
      'adds to a namespace that is not there',
      shell(`cat; ${document('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nowhere}\n')}`),
      'ConfigMap/nowhere/a: namespace nowhere does not exist',
      'nothing was written',
    ],
  ])('an install with one that %s writes nothing', async (_name, flags, ...texts) => {
    const { code, stderr } = await run('install', ...flags);
    expect(code).toBe(1);
    for (const text of texts) expect(stderr).toContain(text);
    await expectNothingWritten();
  });

  it('arguments without one are refused', async () => {
    const { code, stderr } = await run('template', '--post-renderer-args', 'x');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Error: --post-renderer: the name of the program is missing\n',
    });
  });

  it.each([['install'], ['template'], ['diff']])('Ctrl-C ends it, and %s', async (command) => {
    const file = join(folder, command);
    const program = startKthena([command, ...shell(`echo $$ > ${file}; exec sleep 60`)], { env: cluster.env });
    const pid = await eventually('the post-renderer runs', () => {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return text.endsWith('\n') ? Number(text) : undefined;
    });
    program.child.kill('SIGINT');
    expect((await program.end).code).toBe(130);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expectNothingWritten();
  });

  it('a dry run shows what it makes', async () => {
    expect(hasLine(await must('install', '--dry-run=client', ...BOTH), 'name', 'added')).toBe(true);
    expect(await must('diff', ...BOTH)).toContain(`ConfigMap/${NAMESPACE}/added`);
  });
});

describe('installed with one', () => {
  beforeAll(async () => {
    await must('install', ...BOTH);
  });

  it('what it made is in the cluster and in the record', async () => {
    expect(await teamOf(SERVICE)).toBe('serving');
    expect(await get(cluster, CONFIG_MAP)).toMatchObject({ data: { a: 'b' } });
    expect(await get(cluster, POD_TEMPLATE)).toMatchObject({ metadata: { namespace: NAMESPACE } });
    const recorded = (loadAll(await must('get', 'manifest')) as KubeObject[]).map(
      ({ kind, metadata }) => `${kind}/${metadata.name}`,
    );
    expect(recorded).toContain('ConfigMap/added');
    expect(recorded).toContain('PodTemplate/added');
    expect(await must('status')).toContain(`ConfigMap/${NAMESPACE}/added`);
  });

  it('the same install and upgrade again write nothing', async () => {
    const before = await settledVersionsIn(cluster);
    expect((await run('diff', '--exit-code', ...BOTH)).code).toBe(0);
    expect(JSON.parse(await must('install', ...BOTH, '-o', 'json'))).toMatchObject({ outcome: 'unchanged' });
    expect(JSON.parse(await must('upgrade', ...BOTH, '-o', 'json'))).toMatchObject({
      outcome: 'unchanged',
      revision: 1,
    });
    expect(await settledVersionsIn(cluster)).toEqual(before);
  });

  it('an upgrade without it would take back what it made', async () => {
    const { code, stdout } = await run('diff', '--exit-code');
    expect(code).toBe(2);
    expect(stdout).toContain(`delete ConfigMap/${NAMESPACE}/added`);
    expect(stdout).toContain('example.com/team');
  });

  it('what it does not make any more is deleted, and a rollback brings it back without it', async () => {
    await must('upgrade', ...ONLY_LABEL);
    expect(await teamOf(SERVICE)).toBe('serving');
    expect(await get(cluster, CONFIG_MAP)).toBeUndefined();
    expect(await get(cluster, POD_TEMPLATE)).toBeUndefined();
    await must('rollback', 'kthena', '1');
    expect(await get(cluster, CONFIG_MAP)).toMatchObject({ data: { a: 'b' } });
    expect(await get(cluster, POD_TEMPLATE)).toBeDefined();
  });

  it('an upgrade where it fails changes nothing', async () => {
    const before = await settledVersionsIn(cluster);
    const { code, stderr } = await run(
      'upgrade',
      ...shell('cat; exit 7'),
      '--set',
      'networking.kthenaRouter.port=8081',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('the post-renderer "sh" failed with exit code 7');
    expect(await settledVersionsIn(cluster)).toEqual(before);
  });

  it('what it puts into other namespaces comes and goes with the release', async () => {
    const there = document('apiVersion: v1\nkind: Namespace\nmetadata: {name: made}\n');
    const elsewhere = (namespace: string): string =>
      document(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ${namespace}}\n`);
    await must('upgrade', ...shell(`cat; ${there}; ${elsewhere('made')}; ${elsewhere('default')}`));
    expect(await get(cluster, '/api/v1/namespaces/made/configmaps/a')).toBeDefined();
    expect(await get(cluster, '/api/v1/namespaces/default/configmaps/a')).toBeDefined();
    await must('upgrade', ...BOTH);
    expect(await get(cluster, '/api/v1/namespaces/default/configmaps/a')).toBeUndefined();
    expect((await get(cluster, '/api/v1/namespaces/made'))?.metadata.deletionTimestamp ?? 'gone').toBeTruthy();
  });

  it('more than a record can hold is refused before anything is written', async () => {
    const before = await settledVersionsIn(cluster);
    const add = `printf -- '---\\napiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: big%s}\\ndata: {a: "' $i; head -c 600000 /dev/urandom | base64 -w0; echo '"}'`;
    const { code, stderr } = await run('upgrade', ...shell(`cat; for i in 1 2; do ${add}; done`));
    expect(code).toBe(1);
    expect(stderr).toMatch(/the record of release \S+, revision \d+, has \d+ bytes after compression/);
    expect(await settledVersionsIn(cluster)).toEqual(before);
  });

  it('template --validate tries what it makes', async () => {
    const { code, stderr } = await run('template', '--validate', ...BOTH);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('an uninstall removes what it made', async () => {
    await must('uninstall', '--wait');
    expect(await get(cluster, CONFIG_MAP)).toBeUndefined();
    expect(await get(cluster, POD_TEMPLATE)).toBeUndefined();
  });
});
