import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import type { Cluster } from '../../cluster/index.mjs';
import { mustRun, startKthena } from '../install/program.js';
import { BREAKS } from './breaking-upgrade.js';
import {
  createResources,
  labelOf,
  liveCrds,
  liveResources,
  managersOf,
  nameOf,
  resetCrds,
  schemaOf,
} from './crd-cluster.js';
import { resourcesIn, testFolder } from './folder.js';
import { lightCrdsOf, lightSamplesOf } from './light.js';

/** A program and where it is: with `--debug` it tells of every request. */
interface Started {
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** Kills the program once it has told `times` times of what the pattern describes. */
async function killAt({ args, env, cwd }: Started, pattern: RegExp, times: number): Promise<void> {
  const program = startKthena([...args, '--debug'], { env, cwd });
  program.child.stderr!.on('data', () => {
    if ([...program.progress().matchAll(pattern)].length >= times) program.child.kill('SIGKILL');
  });
  const { code, stderr } = await program.end;
  expect(code, `it ended by itself:\n${stderr}`).toBe(-1);
}

export function killedDeletions(cluster: () => Cluster): void {
  const servers = Array.from({ length: 80 }, (_, i) => {
    const server = structuredClone(lightSamplesOf('1.0').find(({ kind }) => kind === 'ModelServer')!);
    server.metadata.name = `server-${i}`;
    return server;
  });

  describe('a deletion that is killed', () => {
    it.each<[string, RegExp, number]>([
      ['while it reads its backup back', /Reading \S+ back/g, 1],
      ['after the first resource', /DELETE \S+\/modelservers\//g, 1],
      ['in the midst of the resources', /DELETE \S+\/modelservers\//g, 40],
      ['after the second CRD', /DELETE \S+\/customresourcedefinitions\//g, 2],
    ])('%s has lost nothing that is not in its backup, and ends when run again', async (_, pattern, times) => {
      await resetCrds(cluster(), lightCrdsOf('1.0'));
      const all = [...lightSamplesOf('1.0'), ...servers];
      await createResources(cluster(), all);
      const stored = await liveResources(cluster());
      const cwd = await testFolder();
      const start: Started = { args: ['crds', 'delete', '--confirm-data-loss'], env: cluster().env, cwd };
      await killAt(start, pattern, times);

      const left = await liveResources(cluster());
      const lost = [...stored.keys()].filter((name) => !left.has(name));
      expectSaved(lost, stored, await savedIn(cwd));
      if (!pattern.source.startsWith('DELETE')) expect(lost).toEqual([]);

      await mustRun(start.args, start);
      expect(await liveCrds(cluster())).toEqual([]);
      expectSaved([...stored.keys()], stored, await savedIn(cwd));
    });
  });
}

/** What is in the backups of a folder; one that was not finished has a hidden name and does not count. */
async function savedIn(folder: string): Promise<Map<string, KubeObject>> {
  const files = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const resources = await Promise.all(files.map((name) => resourcesIn(join(folder, name))));
  return new Map(resources.flat().map((resource) => [labelOf(resource), resource]));
}

function expectSaved(
  names: readonly string[],
  stored: ReadonlyMap<string, KubeObject>,
  saved: ReadonlyMap<string, KubeObject>,
): void {
  for (const name of names) expect(saved.get(name)?.['spec'], name).toEqual(stored.get(name)!['spec']);
}

export function killedUpgrades(cluster: () => Cluster): void {
  const { invalid } = BREAKS['0.4'];
  const samples = lightSamplesOf('0.4').filter((sample) => !invalid.includes(labelOf(sample)));
  const write = /PATCH \S+\/customresourcedefinitions\/(?!\S+dryRun=All)/g;

  describe('an upgrade that is killed', () => {
    it.each<[string, RegExp, number]>([
      ['after the first CRD is taken over', /PUT \S+\/customresourcedefinitions\//g, 1],
      ['after the first CRD is applied', write, 1],
      ['after the third CRD is applied', write, 3],
      ['while it waits for the new schema', /GET \/openapi\//g, 1],
    ])('%s ends when run again', async (_, pattern, times) => {
      await resetCrds(cluster(), lightCrdsOf('0.4'));
      await createResources(cluster(), samples);
      const stored = await liveResources(cluster());
      const start: Started = {
        args: ['crds', 'upgrade', ...lightCrdsOf('1.0').map(nameOf)],
        env: cluster().env,
        cwd: await testFolder(),
      };
      await killAt(start, pattern, times);
      await mustRun(start.args, start);
      const live = await liveCrds(cluster());
      for (const crd of lightCrdsOf('1.0')) {
        const found = live.find((one) => nameOf(one) === nameOf(crd))!;
        expect(schemaOf(found), nameOf(crd)).toEqual(schemaOf(crd));
        expect(managersOf(found).sort(), nameOf(crd)).toEqual(['kthena Apply', 'kube-apiserver Update status']);
      }
      expect(await liveResources(cluster())).toEqual(stored);
    });
  });
}
