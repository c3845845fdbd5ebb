import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backup, type BackupRequest } from '../../../src/actions/backup.js';
import { restore } from '../../../src/actions/restore.js';
import { autoscalingPolicy, manyResources, modelBooster, modelRoute, modelServing, ownedBy } from './samples.js';
import { BUNDLE, clear, contents, create, lab, must, recreateCrds, resources } from './setup.js';

const made = lab();
const ALL = { kinds: [], namespaces: [], children: false };
const RESTORE = { dryRun: false, allowEdited: false, dropUnknownFields: false, createNamespaces: false };

let number = 0;
function file(extension = 'yaml'): string {
  return join(made.folder, `backup-${++number}.${extension}`);
}

function backUp(path: string, parts: Partial<BackupRequest> = {}): ReturnType<typeof backup> {
  return backup(BUNDLE, { to: { file: path, replace: false }, ...ALL, ...parts }, made.context);
}

describe('backup, delete, restore', () => {
  beforeEach(() => clear(made));

  it('brings thousands of resources of all kinds back byte for byte', async () => {
    await create(made, manyResources(2500));
    const before = await contents(made);
    const path = file('yaml.gz');
    const saved = await backUp(path);
    expect(saved).toMatchObject({ resources: 2500, namespaces: { models: 1875, others: 625 } });
    expect(Object.values(saved.kinds)).toEqual([500, 500, 500, 500, 500]);
    expect(statSync(path).mode & 0o777).toBe(0o600);

    await recreateCrds(made);
    expect((await contents(made)).size).toBe(0);
    const restored = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(restored.incidents).toEqual([]);
    expect(Object.values(restored.kinds).map((counts) => counts.restored)).toEqual([500, 500, 500, 500, 500]);
    expect(await contents(made)).toEqual(before);

    const again = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(Object.values(again.kinds).map((counts) => counts.existing)).toEqual([500, 500, 500, 500, 500]);
    expect(await contents(made)).toEqual(before);
  }, 300_000);

  it('takes only what was asked for', async () => {
    await create(made, manyResources(40));
    const path = file();
    const result = await backUp(path, { kinds: ['modelroutes', 'ModelServer'], namespaces: ['others'] });
    expect(result).toMatchObject({ kinds: { ModelRoute: 2, ModelServer: 2 }, namespaces: { others: 4 } });
  });

  it('leaves existing resources alone, and what is being deleted out', async () => {
    const held = modelRoute('held', { metadata: { finalizers: ['example.com/hold'] } });
    await create(made, [modelRoute('kept'), modelRoute('other'), held]);
    await made.client.delete({ ...held, name: 'held', namespace: 'models' });
    const path = file();
    expect(await backUp(path)).toMatchObject({ resources: 2, leftOut: { children: 0, terminating: 1 } });
    await must(made.cluster.kubectl(['label', 'modelroute', 'kept', '-n', 'models', 'changed=since']));
    await must(made.cluster.kubectl(['delete', 'modelroute', 'other', '-n', 'models']));
    const result = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(result.kinds['ModelRoute']).toMatchObject({ restored: 1, existing: 1, refused: 0, failed: 0 });
    expect((await resources(made)).get('ModelRoute/models/kept')!.metadata.labels).toEqual({ changed: 'since' });
    await must(
      made.cluster.kubectl([
        'patch',
        'modelroute',
        'held',
        '-n',
        'models',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      ]),
    );
  });

  it('does not take what is on its way out for existing', async () => {
    const held = modelRoute('held', { metadata: { finalizers: ['example.com/hold'] } });
    await create(made, [held]);
    const path = file();
    await backUp(path);
    await made.client.delete({ ...held, name: 'held', namespace: 'models' });
    const { incidents, kinds } = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(kinds['ModelRoute']).toMatchObject({ existing: 0, failed: 1 });
    expect(incidents[0]).toMatchObject({ type: 'failed', resource: 'ModelRoute/models/held', line: 5 });
    expect(incidents[0]!.reason).toContain('is being deleted');
    await must(
      made.cluster.kubectl([
        'patch',
        'modelroute',
        'held',
        '-n',
        'models',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      ]),
    );
  });

  it('stores nothing in a dry run', async () => {
    await create(made, manyResources(20));
    const path = file();
    await backUp(path);
    await clear(made);
    const result = await restore(BUNDLE, { file: path, ...RESTORE, dryRun: true }, made.context);
    expect(Object.values(result.kinds).map(({ restored }) => restored)).toEqual([4, 4, 4, 4, 4]);
    expect((await contents(made)).size).toBe(0);
  });
});

describe('owners', () => {
  beforeEach(() => clear(made));

  /** A booster with two children, one of which has a child of its own. */
  async function family(): Promise<void> {
    await create(made, [modelBooster('parent')]);
    const parent = (await resources(made)).get('ModelBooster/models/parent')!;
    const child = { metadata: { ownerReferences: [ownedBy(parent)] } };
    await create(made, [modelServing('child', child), autoscalingPolicy('child', child), modelServing('single')]);
    const serving = (await resources(made)).get('ModelServing/models/child')!;
    await create(made, [modelServing('a-grandchild', { metadata: { ownerReferences: [ownedBy(serving, false)] } })]);
  }

  it('are enough: what controllers make again is left out', async () => {
    await family();
    const result = await backUp(file());
    expect(result).toMatchObject({ resources: 3, leftOut: { children: 2 } });
  });

  it('get their children back under their new uids, grandchildren that come first in the file too', async () => {
    await family();
    const path = file();
    expect((await backUp(path, { children: true })).resources).toBe(5);
    await clear(made);
    const result = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(result.incidents).toEqual([]);
    expect(result.kinds).toMatchObject({ ModelServing: { restored: 3 }, AutoscalingPolicy: { restored: 1 } });
    const found = await resources(made);
    const uid = (name: string): string => found.get(name)!.metadata.uid!;
    const ownersOf = (name: string): unknown => found.get(name)!.metadata.ownerReferences;
    const parent = { kind: 'ModelBooster', name: 'parent', uid: uid('ModelBooster/models/parent'), controller: true };
    expect(ownersOf('ModelServing/models/child')).toMatchObject([parent]);
    expect(ownersOf('AutoscalingPolicy/models/child')).toMatchObject([parent]);
    const child = { kind: 'ModelServing', name: 'child', uid: uid('ModelServing/models/child') };
    expect(ownersOf('ModelServing/models/a-grandchild')).toMatchObject([child]);
  });

  it('of other kinds are kept if they exist, and given up with a word if not', async () => {
    await must(made.cluster.kubectl(['create', 'configmap', 'settings', '-n', 'models']));
    const settings = await made.client.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'models',
      name: 'settings',
    });
    await create(made, [
      modelRoute('kept', {
        metadata: { ownerReferences: [ownedBy({ ...settings!, apiVersion: 'v1', kind: 'ConfigMap' })] },
      }),
    ]);
    const path = file();
    await backUp(path);
    await clear(made);
    await must(made.cluster.kubectl(['delete', 'configmap', 'settings', '-n', 'models']));
    await must(made.cluster.kubectl(['create', 'configmap', 'settings', '-n', 'models']));
    await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    const anew = await made.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'models', name: 'settings' });
    expect((await resources(made)).get('ModelRoute/models/kept')!.metadata.ownerReferences).toMatchObject([
      { kind: 'ConfigMap', uid: anew!.metadata.uid },
    ]);

    await clear(made);
    await must(made.cluster.kubectl(['delete', 'configmap', 'settings', '-n', 'models']));
    const { incidents, kinds } = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(kinds['ModelRoute']).toMatchObject({ restored: 1 });
    expect(incidents).toMatchObject([{ type: 'remark', resource: 'ModelRoute/models/kept' }]);
    expect(incidents[0]!.reason).toContain('its owner ConfigMap/settings does not exist');
    expect((await resources(made)).get('ModelRoute/models/kept')!.metadata.ownerReferences).toBeUndefined();
  });

  it('that the backup holds and nobody restores are given up in the end', async () => {
    await family();
    const path = file();
    await backUp(path, { children: true, kinds: ['ModelServing'] });
    await clear(made);
    const { kinds, incidents } = await restore(BUNDLE, { file: path, ...RESTORE }, made.context);
    expect(kinds['ModelServing']).toMatchObject({ restored: 3 });
    expect(incidents.map(({ reason }) => reason)).toEqual([
      'its owner ModelBooster/parent does not exist: the reference to it was dropped',
    ]);
  });
});
