import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFree, createTarget } from '../../../src/backup/target.js';
import { each, refusal } from './samples.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-target-'));
  path = join(folder, 'backup.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

const chunks = (): AsyncGenerator<Buffer> => each([Buffer.from('one '), Buffer.from('two')]);

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('half');
  throw new TypeError('no more');
}

describe('a new file', () => {
  it('is there with its contents, for its owner alone, once it is published', async () => {
    const target = createTarget(path);
    await target.write(chunks());
    expect(await readdir(folder)).toEqual([target.temporary.slice(folder.length + 1)]);
    await target.publish(path, { replace: false });
    await target.discard();
    expect(await readdir(folder)).toEqual(['backup.yaml']);
    expect(await readFile(path, 'utf8')).toBe('one two');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(path)).nlink).toBe(1);
  });

  it('is compressed where its name says so', async () => {
    const target = createTarget(`${path}.gz`);
    await target.write(chunks());
    await target.publish(`${path}.gz`, { replace: false });
    expect(gunzipSync(await readFile(`${path}.gz`)).toString()).toBe('one two');
  });

  it('does not look like a backup until then', () => {
    const { temporary } = createTarget(join(folder, 'backup.yaml.gz'));
    expect(temporary.slice(folder.length + 1)).toMatch(/^\.backup\.yaml\.gz\.[0-9a-f]{12}\.partial$/);
  });

  it('leaves nothing behind when its contents end with an error', async () => {
    const target = createTarget(path);
    await expect(target.write(failing())).rejects.toThrow('no more');
    await target.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a file that is there', () => {
  beforeEach(() => writeFile(path, 'mine'));

  it('is refused at once', async () => {
    const error = await refusal(checkFree(path, { replace: false }));
    expect(error.message).toBe(`${path} is there already`);
    expect(error.hint).toContain('Name another file');
  });

  it('is kept though it came while the other was being written', async () => {
    const target = createTarget(path);
    await target.write(chunks());
    await refusal(target.publish(path, { replace: false }));
    await target.discard();
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['backup.yaml']);
  });

  it('is replaced if that is wanted', async () => {
    await checkFree(path, { replace: true });
    const target = createTarget(path);
    await target.write(chunks());
    await target.publish(path, { replace: true });
    expect(await readFile(path, 'utf8')).toBe('one two');
  });
});

describe('what cannot be written', () => {
  it('is a folder', async () => {
    expect((await refusal(checkFree(folder, { replace: true }))).message).toBe(`${folder} is a folder`);
  });

  it('is a link, which would be replaced and not followed', async () => {
    await symlink('/dev/null', path);
    expect((await refusal(checkFree(path, { replace: true }))).message).toContain(
      'is not a file that could be replaced',
    );
  });

  it('is a file in a folder that does not exist', async () => {
    const error = await refusal(createTarget(join(folder, 'missing', 'x')).write(chunks()));
    expect(error.message).toBe(
      `${join(folder, 'missing', 'x')} cannot be written: the file or its folder does not exist`,
    );
  });

  it('is a file below a file', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(path, '');
    expect((await refusal(checkFree(join(path, 'x'), { replace: false }))).message).toContain('is not a folder');
  });
});
