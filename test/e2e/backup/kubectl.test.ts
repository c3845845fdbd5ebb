import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backup } from '../../../src/actions/backup.js';
import { restore } from '../../../src/actions/restore.js';
import { manyResources, modelBooster, modelRoute, ownedBy, TEXTS } from './samples.js';
import { BUNDLE, create, lab, must, clear, resources } from './setup.js';

const made = lab();
const ALL = { kinds: [], namespaces: [], children: false };
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

beforeEach(() => clear(made));

async function backUp(name: string): Promise<string> {
  const file = join(made.folder, name);
  await backup(BUNDLE, { to: { file, replace: true }, ...ALL }, made.context);
  return file;
}

/** What kubectl is to bring back as well: all but the status and the note that it writes itself. */
async function applied(): Promise<Map<string, unknown>> {
  const found = [...(await resources(made))].map(([name, object]): [string, unknown] => {
    const { labels, annotations = {} } = object.metadata;
    const { [LAST_APPLIED]: _note, ...others } = annotations;
    return [name, [labels, others, JSON.stringify(object['spec'])]];
  });
  return new Map(found);
}

describe('kubectl apply', () => {
  it('takes a backup as it is, and reads in it what was in the cluster', async () => {
    await create(made, manyResources(400));
    const before = await applied();
    const file = await backUp('all.yaml');
    await clear(made);
    const { stdout, stderr } = await must(made.cluster.kubectl(['apply', '-f', file]));
    expect(stderr).toBe('');
    expect(stdout.match(/ created$/gm)).toHaveLength(400);
    expect(await applied()).toEqual(before);
  }, 240_000);

  it('takes a very large resource, which is written as JSON', async () => {
    const short = TEXTS.filter((text) => text.length < 150);
    const config = {
      large: TEXTS.map((text) => text.repeat(100)),
      texts: Object.fromEntries(short.map((text) => [text, text])),
    };
    await create(made, [modelBooster('large', { config }), modelRoute('small')]);
    const before = await applied();
    const file = await backUp('large.yaml');
    expect(readFileSync(file, 'utf8')).toMatch(/^---\n\{"apiVersion":/m);
    await clear(made);
    // With apply it would not fit into the annotation in which kubectl notes what it has applied, and with server-side apply the
    // API server reads kubectl's JSON as YAML, which has no control characters.
    await must(made.cluster.kubectl(['create', '-f', file]));
    expect(await applied()).toEqual(before);
  });

  it('takes a backup for server-side apply, from standard input', async () => {
    await create(made, manyResources(60));
    const before = await applied();
    const file = await backUp('some.yaml');
    await clear(made);
    await must(made.cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: readFileSync(file, 'utf8') }));
    expect(await applied()).toEqual(before);
  });

  it('does not give resources owners that are gone, which would be their end', async () => {
    await create(made, [modelBooster('parent')]);
    const parent = (await resources(made)).get('ModelBooster/models/parent')!;
    await create(made, [modelRoute('owned', { metadata: { ownerReferences: [ownedBy(parent, false)] } })]);
    const file = await backUp('owned.yaml');
    await clear(made);
    await must(made.cluster.kubectl(['apply', '-f', file]));
    expect((await resources(made)).get('ModelRoute/models/owned')!.metadata.ownerReferences).toBeUndefined();
  });
});

describe('integers beyond 2^53', () => {
  const SEEDS = [9007199254740993n, -9223372036854775808n, 9223372036854775807n];

  it('are saved exactly, refused by a restore that could only round them, and brought back by kubectl', async () => {
    const config = `{"seeds":[${SEEDS.join(',')}]}`;
    const json = JSON.stringify(modelBooster('seeds', { config: 'CONFIG' })).replace('"CONFIG"', config);
    await must(made.cluster.kubectl(['create', '-f', '-'], { input: json }));
    await create(made, [modelRoute('other')]);
    const seeds = async (): Promise<string> =>
      (await made.cluster.kubectl(['get', '--raw', '/apis/workload.serving.volcano.sh/v1alpha1/modelboosters'])).stdout;
    expect(await seeds()).toContain(config);

    const file = await backUp('seeds.yaml');
    for (const seed of SEEDS) expect(readFileSync(file, 'utf8')).toContain(`- ${seed}\n`);
    await clear(made);
    const request = { file, dryRun: false, allowEdited: false, dropUnknownFields: false, createNamespaces: false };
    const result = await restore(BUNDLE, request, made.context);
    expect(result.kinds).toMatchObject({ ModelBooster: { refused: 1 }, ModelRoute: { restored: 1 } });
    expect(result.incidents[0]!.reason).toContain('integer beyond 2^53');

    await must(made.cluster.kubectl(['apply', '-f', result.refusedFile!]));
    expect(await seeds()).toContain(config);
  });
});
