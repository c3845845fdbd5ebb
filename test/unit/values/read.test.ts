import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { readUserValues, recordedUserValues } from '../../../src/values/read.js';
import type { UserValues, ValueFlags } from '../../../src/values/read.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'values-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function read(flags: Partial<ValueFlags>, stdin = ''): Promise<UserValues> {
  const none = { files: [], setJson: [], set: [], setString: [], setFile: [], setLiteral: [] };
  return readUserValues({ ...none, ...flags }, { readStdin: () => Promise.resolve(stdin) });
}

async function problem(flags: Partial<ValueFlags>, stdin = ''): Promise<string> {
  const outcome = await read(flags, stdin).catch((error: unknown) => error);
  if (outcome instanceof KthenaError) return outcome.message.replaceAll(`${folder}/`, '');
  throw outcome instanceof Error ? outcome : new Error('accepted');
}

describe('precedence', () => {
  it('of files is from left to right', async () => {
    const first = await file('first.yaml', 'a: 1\nmap: {a: 1, b: 1}\nlist: [1, 2]\n');
    const second = await file('second.yaml', 'a: 2\nmap: {b: 2}\nlist: [3]\n');
    expect((await read({ files: [first, second] })).values).toEqual({ a: 2, map: { a: 1, b: 2 }, list: [3] });
    expect((await read({ files: [second, first] })).values).toMatchObject({ a: 1, map: { b: 1 }, list: [1, 2] });
  });

  it('between kinds of flags is fixed', async () => {
    const content = await file('content.txt', 'from file');
    const flags = {
      files: [await file('low.yaml', 'a: file\nb: file\nc: file\nd: file\ne: file\nf: file\n')],
      setJson: ['b="json",c="json",d="json",e="json",f="json"'],
      set: ['c=set,d=set,e=set,f=set'],
      setString: ['d=string,e=string,f=string'],
      setFile: [`e=${content},f=${content}`],
      setLiteral: ['f=literal'],
    };
    expect((await read(flags)).values).toEqual({
      a: 'file',
      b: 'json',
      c: 'set',
      d: 'string',
      e: 'from file',
      f: 'literal',
    });
  });

  it('of flags of one kind is from left to right', async () => {
    expect((await read({ set: ['a=1', 'a=2', 'b.c=1', 'b.d=2'] })).values).toEqual({ a: 2, b: { c: 1, d: 2 } });
  });

  it('lets a flag reach into the lists of files', async () => {
    const { values, placeOf } = await read({ files: ['-'], set: ['list[0].b=2'] }, 'list:\n  - a: 1\n  - x\n');
    expect(values).toEqual({ list: [{ a: 1, b: 2 }, 'x'] });
    expect(placeOf(['list', 0, 'a'])).toBe('stdin:2:5');
    expect(placeOf(['list', 0, 'b'])).toBe('--set list[0].b');
  });

  it('keeps null as what the user set, until something later replaces it', async () => {
    const { values, placeOf } = await read({ files: ['-'], set: ['b=null', 'c.d=null'] }, 'a: null\nb: 1\nc: {e: 1}\n');
    expect(values).toEqual({ a: null, b: null, c: { d: null, e: 1 } });
    expect(placeOf(['a'])).toBe('stdin:1:1');
    const first = await file('null.yaml', 'a: null\nb: {c: 1}\n');
    const second = await file('again.yaml', 'a: {b: 1}\nb: null\n');
    expect((await read({ files: [first, second] })).values).toEqual({ a: { b: 1 }, b: null });
  });

  it('does not let one alias change with another', async () => {
    const { values } = await read({ files: ['-'], set: ['b.k=2'] }, 'a: &x {k: 1}\nb: *x\n');
    expect(values).toEqual({ a: { k: 1 }, b: { k: 2 } });
  });
});

describe('--set-json', () => {
  it('takes a whole map', async () => {
    const { values, placeOf } = await read({ files: ['-'], setJson: [' {"a":{"c":2},"d":[1]} '] }, 'a: {b: 1}\n');
    expect(values).toEqual({ a: { b: 1, c: 2 }, d: [1] });
    expect(placeOf(['a', 'c'])).toBe('--set-json');
    expect(placeOf(['a', 'b'])).toBe('stdin:1:5');
  });

  it.each(['{"a":1', '{"a":1},b=2', '{a:1}', '{'])('refuses %s', async (text) => {
    expect(await problem({ setJson: [text] })).toBe('--set-json {…}: this is not valid JSON');
  });
});

describe('--set-file', () => {
  it('sets the content of files as text', async () => {
    const yes = await file('yes.txt', 'yes\n');
    const list = await file('list.txt', '\uFEFFa,b');
    const { values } = await read({ setFile: [`a.b=${yes},c={${yes},${list}},d[1]=${list}`] });
    expect(values).toEqual({ a: { b: 'yes\n' }, c: ['yes\n', 'a,b'], d: [null, 'a,b'] });
  });

  it('reads standard input', async () => {
    expect((await read({ setFile: ['a=-'] }, 'text')).values).toEqual({ a: 'text' });
  });

  it('names a file that is not there', async () => {
    expect(await problem({ setFile: [`a=${join(folder, 'absent')}`] })).toBe('absent: no such file');
  });
});

describe('a file of values', () => {
  it('may be empty', async () => {
    expect((await read({ files: [await file('empty.yaml', '')] })).values).toEqual({});
  });

  it('is refused with its path and the reason', async () => {
    expect(await problem({ files: [join(folder, 'absent.yaml')] })).toBe('absent.yaml: no such file');
    expect(await problem({ files: [folder] })).toMatch(/: this is a folder, not a file$/);
    expect(await problem({ files: [await file('list.yaml', '- 1')] })).toBe(
      'list.yaml:1:1: values must be a map of keys to values',
    );
    expect(await problem({ files: [await file('latin1.yaml', Uint8Array.of(0x61, 0x3a, 0x20, 0xe9))] })).toBe(
      'latin1.yaml: this is not UTF-8 text',
    );
    expect(await problem({ files: [await file('utf16.yaml', Buffer.from('\uFEFFa: 1', 'utf16le'))] })).toBe(
      'utf16.yaml: this is UTF-16; save the file as UTF-8',
    );
    expect(await problem({ files: ['https://example.com/values.yaml'] })).toBe(
      'https://example.com/values.yaml: values are read from files and standard input only',
    );
  });

  it('may not be larger than 5 MiB, nor without end', async () => {
    expect(await problem({ files: [await file('big.yaml', ' '.repeat(5 * 1024 * 1024 + 1))] })).toMatch(
      /^big\.yaml: larger than 5 MiB/,
    );
    expect(await problem({ files: ['/dev/zero'] })).toMatch(/^\/dev\/zero: larger than 5 MiB/);
    expect(await problem({ files: ['-'] }, ' '.repeat(5 * 1024 * 1024 + 1))).toMatch(/^stdin: larger than 5 MiB/);
  });

  it('may be standard input, once', async () => {
    expect((await read({ files: ['-'] }, 'a: 1')).values).toEqual({ a: 1 });
    expect(await problem({ files: ['-', '-'] })).toBe('stdin: standard input can be named only once');
    expect(await problem({ files: ['-'], setFile: ['a=-'] })).toBe('stdin: standard input can be named only once');
  });
});

describe('placeOf', () => {
  it('tells where the user set a value, and nothing for what the user left alone', async () => {
    const path = await file('values-dev.yaml', 'networking:\n  kthenaRouter:\n    port: 1\n    image:\n      tag: x\n');
    const { placeOf } = await read({ files: [path], setString: ['networking.kthenaRouter.image.tag=y'] });
    expect(placeOf(['networking', 'kthenaRouter', 'port'])).toBe(`${path}:3:5`);
    expect(placeOf(['networking', 'kthenaRouter', 'image', 'tag'])).toBe(
      '--set-string networking.kthenaRouter.image.tag',
    );
    expect(placeOf(['networking', 'kthenaRouter', 'image'])).toBe(`${path}:4:5`);
    expect(placeOf(['networking', 'kthenaRouter', 'debugPort'])).toBeUndefined();
    expect(placeOf(['workload'])).toBeUndefined();
    expect(placeOf([])).toBeUndefined();
  });
});

describe('recordedUserValues', () => {
  it('gives values of a release one place and converts their spellings', () => {
    const { values, placeOf, warnings } = recordedUserValues(
      { networking: { enabled: false }, global: { certManager: { enabled: true } } },
      'release kthena, revision 3',
    );
    expect(values).toEqual({ networking: { enabled: false }, global: { certManagementMode: 'cert-manager' } });
    expect(placeOf(['networking', 'enabled'])).toBe('release kthena, revision 3');
    expect(warnings).toHaveLength(1);
  });
});
