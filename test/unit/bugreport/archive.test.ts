import { describe, expect, it } from 'vitest';
import { pathSegment, reportArchive, TOP } from '../../../src/bugreport/archive.js';
import type { ReportFile } from '../../../src/bugreport/report-file.js';
import { readTar } from '../../../src/bundle/archive/tar.js';

async function* files(...paths: string[]): AsyncGenerator<ReportFile> {
  for (const path of paths) yield { path, data: Buffer.from(`of ${path}`) };
}

async function archiveOf(...paths: string[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of reportArchive(files(...paths))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('reportArchive', () => {
  it('holds the files in their order below one folder', async () => {
    const read = readTar(await archiveOf('b.txt', 'a/c.yaml'));
    expect(read.map(({ path, data }) => [path, data.toString()])).toEqual([
      [`${TOP}/b.txt`, 'of b.txt'],
      [`${TOP}/a/c.yaml`, 'of a/c.yaml'],
    ]);
  });

  it('takes paths of more than 100 bytes', async () => {
    const long = `logs/${'n'.repeat(20)}/${'p'.repeat(60)}/${'c'.repeat(60)}.previous.log`;
    expect(readTar(await archiveOf(long)).map(({ path }) => path)).toEqual([`${TOP}/${long}`]);
  });
});

describe('pathSegment', () => {
  it.each(['kthena-router', 'modelroutes.networking.serving.volcano.sh', 'a_b'])('leaves %s as it is', (name) => {
    expect(pathSegment(name)).toBe(name);
  });

  it.each(['system:controller', '../../etc/passwd', '..', 'x'.repeat(253), 'a/b'])(
    'makes a safe name of %s',
    (name) => {
      const segment = pathSegment(name);
      expect(segment).toMatch(/^\w[\w.-]{0,89}$/);
      expect(segment).not.toBe(name);
    },
  );

  it('keeps different names apart', () => {
    const names = ['a:b', 'a/b', 'a_b', 'x'.repeat(100), 'x'.repeat(101)];
    expect(new Set(names.map(pathSegment)).size).toBe(names.length);
  });
});
