import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBuiltInBundle } from '../../../../src/bundle/built-in.js';
import { printCandidates } from '../../../../src/cli/completion/candidate.js';
import { complete } from '../../../../src/cli/completion/complete.js';
import type { Names } from '../../../../src/cli/completion/names.js';
import { createProgram } from '../../../../src/cli/program.js';
import type { Terminal } from '../../../../src/cli/terminal.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kthena-completion-'));
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'site', 'my values.yaml'), '');
  writeFileSync(join(folder, 'values.yaml'), '');
  writeFileSync(join(folder, '.hidden'), '');
  symlinkSync(join(folder, 'site'), join(folder, 'linked'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const named = (...texts: string[]) => Promise.resolve(texts.map((text) => ({ text })));

const NAMES: Names = {
  contexts: () => named('prod', 'arn:aws:eks:eu:1:cluster/a'),
  namespaces: () => named('kthena-system', 'models'),
  releases: () => named('kthena', 'my-release'),
  revisions: () => named('2', '1'),
  crds: () => named('modelroutes.networking.serving.volcano.sh'),
  kinds: () => named('ModelRoute', 'ModelServer'),
  templates: () => named('manifests/networking/service.yaml'),
};

/** The candidates for a command line whose last word is at the cursor. */
async function candidates(...line: string[]): Promise<string[]> {
  const stream = { write: () => true };
  const program = createProgram({ stdout: stream, stderr: stream, environment: {} } as unknown as Terminal);
  const found = await complete(program, line.slice(0, -1), line.at(-1)!, {
    cwd: folder,
    names: () => NAMES,
    schema: async () => (await loadBuiltInBundle()).schema,
  });
  return found.map(({ text }) => text);
}

describe('commands and flags', () => {
  it.each([
    [['inst'], ['install']],
    [['crds', 'ba'], ['backup']],
    [
      ['get', ''],
      ['values', 'manifest', 'metadata'],
    ],
    [['help', 'upg'], ['upgrade']],
    [['help', 'crds', 're'], ['restore']],
    [['completion', 'f'], ['fish']],
    [['install', '--set-s'], ['--set-string']],
    [['install', '--wait', '--wa'], []],
    [['install', '--set', 'a=1', '--set-s'], ['--set-string']],
    [['upgrade', '--rollback'], ['--rollback-on-failure']],
    [['install', '-o', 'j'], ['json']],
    [['install', '--output=y'], ['--output=yaml']],
    [
      ['install', '--dry-run='],
      ['--dry-run=none', '--dry-run=server', '--dry-run=client'],
    ],
    [['install', '--create-namespace=f'], ['--create-namespace=false']],
    [
      ['install', '--no-such', ''],
      ['kthena', 'my-release'],
    ],
    [['install', '--', '--'], []],
    [['no-such', 'x'], []],
    [['list', ''], []],
  ])('%j', async (line, expected) => {
    expect(await candidates(...line)).toEqual(expected);
  });

  it('has all commands where nothing is typed', async () => {
    expect(await candidates('')).toEqual(expect.arrayContaining(['install', 'crds', 'completion', 'help']));
  });

  it('has every flag of every command', async () => {
    const flags = await candidates('install', '-');
    expect(flags).toEqual(expect.arrayContaining(['--namespace', '--set', '--no-wait', '--kube-token', '--help']));
  });
});

describe('names', () => {
  it.each([
    [['status', 'my'], ['my-release']],
    [['status', 'kthena', ''], []],
    [
      ['rollback', 'kthena', ''],
      ['2', '1'],
    ],
    [['get', 'values', '--revision', '1'], ['1']],
    [['install', '-n', 'mod'], ['models']],
    [['install', '--kube-context', 'arn:aws:'], ['arn:aws:eks:eu:1:cluster/a']],
    [['crds', 'upgrade', 'model'], ['modelroutes.networking.serving.volcano.sh']],
    [['crds', 'upgrade', 'x', 'model'], ['modelroutes.networking.serving.volcano.sh']],
    [['crds', 'backup', '--kind', 'ModelS'], ['ModelServer']],
    [['template', '-s', 'manifests/'], ['manifests/networking/service.yaml']],
  ])('%j', async (line, expected) => {
    expect(await candidates(...line)).toEqual(expected);
  });
});

describe('files', () => {
  it.each([
    [
      ['install', '-f', ''],
      ['broken', 'linked/', 'site/', 'values.yaml'],
    ],
    [['install', '--values=site/'], ['--values=site/my values.yaml']],
    [['install', '-f', '.h'], ['.hidden']],
    [
      ['template', '--output-dir', ''],
      ['linked/', 'site/'],
    ],
    [['crds', 'restore', 'val'], ['values.yaml']],
    [['install', '--set-file', 'a=1,global.webhook.caBundle=val'], ['a=1,global.webhook.caBundle=values.yaml']],
  ])('%j', async (line, expected) => {
    expect(await candidates(...line)).toEqual(expected);
  });
});

describe('values', () => {
  const ROUTER = 'networking.kthenaRouter';

  it.each([
    ['--set', 'netw', ['networking.']],
    ['--set', 'networking.kthenaR', [`${ROUTER}.`]],
    ['--set', `${ROUTER}.ser`, [`${ROUTER}.service.`]],
    ['--set', `${ROUTER}.tolerations[0].op`, [`${ROUTER}.tolerations[0].operator=`]],
    ['--set', `${ROUTER}.replicas=2,glo`, [`${ROUTER}.replicas=2,global.`]],
    ['--set', 'global.certManagementMode=m', ['global.certManagementMode=manual']],
    ['--set', 'networking.enabled=', ['networking.enabled=true', 'networking.enabled=false']],
    [
      '--set',
      'workload.controllerManager.controllers={modelserving,model',
      [
        'workload.controllerManager.controllers={modelserving,modelserving',
        'workload.controllerManager.controllers={modelserving,modelbooster',
      ],
    ],
    ['--set', 'a={1,2},networking.en', ['a={1,2},networking.enabled=']],
    ['--set', 'a=x\\,y,networking.en', ['a=x\\,y,networking.enabled=']],
    ['--set-json', 'a={"b":[1,2]},networking.en', ['a={"b":[1,2]},networking.enabled=']],
    ['--set-literal', 'networking.en', ['networking.enabled=']],
    ['--set-literal', 'a=1,networking.en', []],
    ['--set', 'no.such.key', []],
    ['--set', '', ['global.', 'networking.', 'workload.']],
  ])('%s %s', async (flag, text, expected) => {
    const found = await candidates('install', flag, text);
    expect(found.sort()).toEqual([...expected].sort());
  });
});

describe('printCandidates', () => {
  it('keeps a candidate on one line, and leaves out what could not be', () => {
    const text = printCandidates([{ text: 'a', description: 'one\n\u001b[31mtwo' }, { text: 'b\nc' }, { text: 'd' }]);
    expect(text).toBe('a\tone [31mtwo\nd\t\n');
  });
});
