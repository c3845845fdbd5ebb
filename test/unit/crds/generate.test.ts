import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compare, generate, readSources } from '../../../scripts/crds/generate.mjs';
import { crdsFolder } from './bundled.js';

const sources = readSources(crdsFolder);

describe('the expanded CRDs', () => {
  it('are what their sources say', () => {
    expect(compare(crdsFolder, generate(sources))).toEqual([]);
  });

  it('leave no definition unused', () => {
    const text = JSON.stringify(sources);
    const unused = Object.entries(sources.library)
      .flatMap(([file, definitions]) => Object.keys(definitions).map((name) => `${file}#/${name}`))
      .filter((reference) => !text.includes(`"$ref":"${reference}"`));
    expect(unused).toEqual([]);
  });
});

describe('compare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crds-'));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('names the files that are stale, missing or extra', () => {
    for (const file of ['right.yaml', 'stale.yaml', 'extra.yaml', 'README.md'])
      writeFileSync(join(folder, file), 'old');
    const expected = new Map([
      ['right.yaml', 'old'],
      ['stale.yaml', 'new'],
      ['missing.yaml', 'new'],
    ]);
    expect(compare(folder, expected)).toEqual([
      { file: 'extra.yaml', problem: 'extra' },
      { file: 'missing.yaml', problem: 'missing' },
      { file: 'stale.yaml', problem: 'stale' },
    ]);
  });
});
