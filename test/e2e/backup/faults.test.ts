import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../../src/actions/backup.js';
import type { ActionContext } from '../../../src/actions/context.js';
import { restore, type RestoreResult } from '../../../src/actions/restore.js';
import { createClient } from '../../../src/kube/http-client.js';
import { FaultProxy } from '../kube/fault-proxy.js';
import { manyResources } from './samples.js';
import { BUNDLE, contents, create, lab, clear } from './setup.js';

const made = lab();
const COUNT = 1200;
let proxy: FaultProxy;
let context: ActionContext;
let before: Map<string, string>;
let file: string;

beforeAll(async () => {
  proxy = await FaultProxy.start(made.cluster);
  context = { ...made.context, client: createClient(proxy.connection, { userAgent: 'kthena/test' }) };
  await create(made, manyResources(COUNT));
  before = await contents(made);
  file = join(made.folder, 'whole.yaml');
  await backup(BUNDLE, { to: { file, replace: false }, kinds: [], namespaces: [], children: false }, made.context);
});
afterEach(() => {
  proxy.rule = () => undefined;
});
afterAll(async () => {
  context.client.close();
  await proxy.stop();
});

function bringBack(): Promise<RestoreResult> {
  const usual = { dryRun: false, allowEdited: false, dropUnknownFields: false, createNamespaces: false };
  return restore(BUNDLE, { file, ...usual }, context);
}

describe('a connection that breaks', () => {
  it('while a page comes costs a backup nothing', async () => {
    const path = join(made.folder, 'broken.yaml');
    let cuts = 0;
    proxy.rule = ({ path: asked, count }) => {
      if (!asked.includes('limit=500') || count > 1) return undefined;
      // Somewhere in the middle of the answer.
      setTimeout(() => proxy.cut(), 5 * ++cuts);
      return undefined;
    };
    const result = await backup(
      BUNDLE,
      { to: { file: path, replace: false }, kinds: [], namespaces: [], children: false },
      context,
    );
    expect(cuts).toBeGreaterThan(0);
    expect(result.resources).toBe(COUNT);
    await clear(made);
    const usual = { dryRun: false, allowEdited: false, dropUnknownFields: false, createNamespaces: false };
    await restore(BUNDLE, { file: path, ...usual }, made.context);
    expect(await contents(made)).toEqual(before);
  }, 120_000);

  it('before the answer to a creation leaves nothing undone, and nothing done twice', async () => {
    await clear(made);
    let posts = 0;
    let resets = 0;
    proxy.rule = ({ method, path }) => {
      if (method !== 'POST' || ++posts % 200 !== 0 || !path.includes('volcano.sh')) return undefined;
      return { type: 'reset', afterwards: ++resets % 2 === 0 };
    };
    const result = await bringBack();
    expect(resets).toBeGreaterThan(3);
    expect(result.incidents).toEqual([]);
    expect(Object.values(result.kinds).map(({ restored }) => restored)).toEqual([240, 240, 240, 240, 240]);
    expect(await contents(made)).toEqual(before);
  }, 120_000);

  it('for longer ends the restore, which goes on when it is run again', async () => {
    await clear(made);
    let posts = 0;
    proxy.rule = ({ method }) => (method === 'POST' && ++posts > 300 ? { type: 'reset' } : undefined);
    await expect(bringBack()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^stopped: /),
      hint: expect.stringContaining('Run the same command again to go on'),
    });
    proxy.rule = () => undefined;
    const { kinds } = await bringBack();
    expect(kinds['ModelBooster']).toMatchObject({ existing: 240 });
    expect(await contents(made)).toEqual(before);
  }, 120_000);
});
