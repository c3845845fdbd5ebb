import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchors, codeBlocks, codeSpans, documents, links, read, root } from './markdown.js';

const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string>; version: string }).scripts;

/** A path of this project in full; patterns and places to be filled in are none. */
const PROJECT_PATH = /^(?:bin|crds|docs|examples|manifests|schemas|scripts|src|test)\/[\w./-]*$/;

describe.each([...documents, 'crds/README.md', 'test/cluster/README.md'])('%s', (document) => {
  const text = read(document);
  const internal = links(text).filter((target) => !/^[a-z]+:/.test(target));

  it('has links that lead somewhere', () => {
    const broken = internal.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : posix.join(posix.dirname(document), path);
      if (!existsSync(`${root}${file}`)) return true;
      return anchor !== undefined && !anchors(read(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('names files and folders that exist', () => {
    const missing = codeSpans(text).filter((span) => PROJECT_PATH.test(span) && !existsSync(`${root}${span}`));
    expect(missing).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const code = [...codeSpans(text), ...codeBlocks(text).map((block) => block.text)].join('\n');
    const names = [...code.matchAll(/\bnpm run (?:-s )?([\w:]+)/g)].map(([, name]) => name!);
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

it('README.md installs the package that npm pack makes', () => {
  const { name, version } = JSON.parse(read('package.json')) as { name: string; version: string };
  expect(read('README.md')).toContain(`npm install -g ./${name}-${version}.tgz`);
});

it('CONTRIBUTING.md describes every folder of src', () => {
  const folders = readdirSync(`${root}src`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(`${root}src/${entry.name}`).length > 0)
    .map(({ name }) => `src/${name}/`);
  const named = codeSpans(read('CONTRIBUTING.md'));
  expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
});
