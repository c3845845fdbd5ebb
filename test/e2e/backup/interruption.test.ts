import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { mustRun, startKthena } from '../install/program.js';
import { manyResources } from './samples.js';
import { contents, create, lab, clear } from './setup.js';

const made = lab();
const COUNT = 800;
let file: string;
let before: Map<string, string>;

beforeAll(async () => {
  await create(made, manyResources(COUNT));
  before = await contents(made);
  file = join(made.folder, 'whole.yaml.gz');
  await mustRun(['crds', 'backup', '-o', file], { env: made.cluster.env });
});

async function restoredCount(): Promise<number> {
  return (await contents(made)).size;
}

describe('a backup that is killed', () => {
  it.each([50, 250, 450, 700, 1000])('after %i ms leaves nothing that looks like one', async (ms) => {
    const path = join(made.folder, `killed-${ms}.yaml`);
    const running = startKthena(['crds', 'backup', '-o', path], { env: made.cluster.env });
    await sleep(ms);
    running.child.kill('SIGKILL');
    const { code } = await running.end;
    const files = readdirSync(made.folder).filter((name) => name.includes(`killed-${ms}`));
    if (code === 0) expect(files).toEqual([`killed-${ms}.yaml`]);
    else expect(files.filter((name) => !name.startsWith('.') || !name.endsWith('.partial'))).toEqual([]);
  });

  it('by Ctrl-C cleans up behind itself', async () => {
    const path = join(made.folder, 'interrupted.yaml');
    const running = startKthena(['crds', 'backup', '-o', path], { env: made.cluster.env });
    while (!running.progress().includes('Reading the')) await sleep(5);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.end;
    expect(code, stderr).toBe(130);
    expect(readdirSync(made.folder).filter((name) => name.includes('interrupted'))).toEqual([]);
  });
});

describe('a restore that is killed', () => {
  it('again and again, and then run to its end, brings back everything, every status included', async () => {
    await clear(made);
    let last = 0;
    for (let round = 0; round < 6; round++) {
      const running = startKthena(['crds', 'restore', file], { env: made.cluster.env });
      const target = Math.min(COUNT - 50, last + 100);
      while (running.child.exitCode === null && (await restoredCount()) < target) await sleep(20);
      running.child.kill('SIGKILL');
      await running.end;
      last = await restoredCount();
    }
    expect(last).toBeGreaterThan(100);
    const { stdout } = await mustRun(['crds', 'restore', file, '-o', 'json'], { env: made.cluster.env });
    expect(await contents(made)).toEqual(before);
    const { kinds } = JSON.parse(stdout) as { kinds: Record<string, { restored: number; existing: number }> };
    const sum = (key: 'restored' | 'existing'): number => Object.values(kinds).reduce((all, one) => all + one[key], 0);
    expect(sum('restored') + sum('existing')).toBe(COUNT);
    expect(sum('existing')).toBeGreaterThan(0);
  }, 180_000);

  it('by Ctrl-C ends at a safe point and says how far it came', async () => {
    await clear(made);
    const running = startKthena(['crds', 'restore', file], { env: made.cluster.env });
    while ((await restoredCount()) < 50) await sleep(20);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.end;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(/\d+ of 800 resources were dealt with until then/);
    expect(stderr).toContain('Run the same command again to go on');
    await mustRun(['crds', 'restore', file], { env: made.cluster.env });
    expect(await contents(made)).toEqual(before);
  }, 120_000);
});
