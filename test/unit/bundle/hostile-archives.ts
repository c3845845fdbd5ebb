import { gzipSync } from 'node:zlib';
import { gzipStored } from '../../../src/bundle/archive/gzip.js';
import { writeTar, type TarFile } from '../../../src/bundle/archive/tar.js';
import { bundleWith, sampleEntries } from './sample.js';

export interface Hostile {
  name: string;
  /** The file; built when it is used, since some are large. */
  make(): Buffer;
  /** What the refusal says. */
  says: string;
}

const BLOCK = 512;

interface Field {
  at: number;
  text: string;
}

/** An entry whose header is changed, its checksum right again unless it is what is changed. */
function entry(path: string, fields: readonly Field[], data = ''): Buffer {
  const plain = writeTar([{ path: 'kthena/entry', data: Buffer.from(data) }]);
  const bytes = plain.subarray(0, plain.length - 2 * BLOCK);
  bytes.fill(0, 0, 100).write(path, 0);
  for (const { at, text } of fields) bytes.write(text, at, 'latin1');
  if (fields.some(({ at }) => at === 148)) return bytes;
  const sum = bytes.subarray(0, BLOCK).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** The sample with an entry after its own. */
function withEntry(path: string, fields: readonly Field[] = [], data = ''): Buffer {
  const sample = writeTar(sampleEntries());
  const end = Buffer.alloc(2 * BLOCK);
  return gzipStored(Buffer.concat([sample.subarray(0, sample.length - 2 * BLOCK), entry(path, fields, data), end]));
}

const typed = (type: string): Field[] => [{ at: 156, text: type }];
const sized = (text: string): Field[] => [{ at: 124, text }];

function filesOf(count: number, pathOf: (index: number) => string): TarFile[] {
  return Array.from({ length: count }, (_, index) => ({ path: pathOf(index), data: Buffer.from('x') }));
}

function tar(): Buffer {
  return writeTar(sampleEntries());
}

const paths: [string, string, string][] = [
  ['a path with ..', 'kthena/../../etc/passwd', 'the path leads out of the bundle'],
  ['a path of .. alone', '..', 'the path leads out of the bundle'],
  ['an absolute path', '/etc/passwd', 'the path is absolute'],
  ['a path with a drive', 'C:/windows/system.ini', 'the path is absolute'],
  ['a path with backslashes', 'kthena\\..\\..\\etc', 'the path has a backslash'],
  ['a path with a terminal sequence', 'kthena/\u001b[2J', 'the path has control characters'],
  ['a path with a dot segment', 'kthena/./Chart.yaml', 'the path is not in its plain form'],
  ['a path with an empty segment', 'kthena//Chart.yaml', 'the path is not in its plain form'],
  ['a path nested deep', `kthena/${'a/'.repeat(20)}b`, 'nested more than 6 folders deep'],
  ['an entry without a name', '', 'an entry without a name'],
  ['an entry outside its folder', 'other/file.yaml', 'everything in a bundle is in the folder kthena/'],
  ['a file twice', 'kthena/Chart.yaml', 'the archive has this file twice'],
  ['two files that differ in case', 'kthena/chart.YAML', 'on some systems this is the same file as kthena/Chart.yaml'],
  ['a file that is a folder too', 'kthena/Chart.yaml/x', 'kthena/Chart.yaml is both a file and a folder'],
];

const types: [string, string, string][] = [
  ['a hard link', '1', 'a hard link; a bundle has plain files only'],
  ['a symbolic link', '2', 'a symbolic link; a bundle has plain files only'],
  ['a character device', '3', 'a character device; a bundle has plain files only'],
  ['a block device', '4', 'a block device; a bundle has plain files only'],
  ['a named pipe', '6', 'a named pipe; a bundle has plain files only'],
  ['a sparse file', 'S', 'a sparse file; a bundle has plain files only'],
  ['an extended header', 'x', 'an extended header; a bundle has plain files only'],
  ['a global extended header', 'g', 'a global extended header; a bundle has plain files only'],
  ['a long name of GNU tar', 'L', 'a long name of GNU tar; a bundle has plain files only'],
  ['an entry of an unknown type', 'Z', 'an entry of type "Z"; a bundle has plain files only'],
];

const containers: Hostile[] = [
  { name: 'an empty file', make: () => Buffer.alloc(0), says: 'it is not a gzip file' },
  { name: 'a zip file', make: () => Buffer.from('PK\x03\x04 and more'), says: 'it is not a gzip file' },
  { name: 'a tar archive that is not packed', make: tar, says: 'it is not a gzip file' },
  {
    name: 'a file that is too large',
    make: () => Buffer.alloc(5 * 1024 * 1024, 0x1f),
    says: 'larger than 4 MiB, the most a bundle may take',
  },
  { name: 'a gzip file that is cut off', make: () => bundleWith().subarray(0, 900), says: 'unexpected end of file' },
  {
    name: 'a gzip file cut off in its header',
    make: () => bundleWith().subarray(0, 7),
    says: 'unexpected end of file',
  },
  {
    name: 'a gzip file with a changed byte',
    make: () => {
      const bytes = bundleWith();
      bytes[600]! ^= 1;
      return bytes;
    },
    says: 'incorrect data check',
  },
  {
    name: 'a gzip file with something after its end',
    make: () => Buffer.concat([bundleWith(), Buffer.from('more')]),
    says: 'the gzip file is damaged: incorrect header check',
  },
  {
    name: 'a gzip file with zeros after its end',
    make: () => Buffer.concat([bundleWith(), Buffer.alloc(100)]),
    says: 'the gzip file is damaged: there is something after its end',
  },
  {
    name: 'a bomb by its ratio',
    make: () => gzipSync(Buffer.alloc(3 * 1024 * 1024)),
    says: 'the archive unpacks to more than 100 times its size',
  },
  {
    name: 'a bomb by its size',
    make: () => Buffer.concat([gzipSync(Buffer.alloc(400 * 1024 * 1024)), gzipStored(Buffer.alloc(1024 * 1024))]),
    says: 'the archive unpacks to more than 4 MiB',
  },
  {
    name: 'a bomb in a bomb',
    make: () => gzipSync(gzipSync(Buffer.alloc(100 * 1024 * 1024))),
    says: 'this is not a sound tar archive',
  },
  {
    name: 'many small members',
    make: () => Buffer.concat(Array.from({ length: 20_000 }, () => gzipSync(Buffer.alloc(1000)))),
    says: 'the archive unpacks to more than 4 MiB',
  },
];

const blocks: Hostile[] = [
  { name: 'gzip of something else', make: () => gzipStored(Buffer.from('hello')), says: 'it ends inside a block' },
  {
    name: 'gzip of random blocks',
    make: () => gzipStored(Buffer.alloc(2048, 'abc')),
    says: 'there is no header of an entry at byte 0',
  },
  {
    name: 'an archive without an end',
    make: () => gzipStored(tar().subarray(0, -2 * BLOCK)),
    says: 'this is not a sound tar archive: it is cut off',
  },
  {
    name: 'an archive with half an end',
    make: () => gzipStored(tar().subarray(0, -BLOCK)),
    says: 'this is not a sound tar archive: it is cut off',
  },
  {
    name: 'an archive with something after its end',
    make: () => gzipStored(Buffer.concat([tar(), Buffer.alloc(BLOCK, 'x')])),
    says: 'there is something after its end',
  },
  {
    name: 'an archive with another archive after its end',
    make: () => gzipStored(Buffer.concat([tar(), tar()])),
    says: 'there is something after its end',
  },
  {
    name: 'a header with a wrong checksum',
    make: () => withEntry('kthena/x', [{ at: 148, text: '000001\0 ' }]),
    says: 'the header of "kthena/x" has a wrong checksum',
  },
  {
    name: 'a size that is not a number',
    make: () => withEntry('kthena/x', sized('zzzzzzzzzzz')),
    says: 'the size of "kthena/x" is not a number',
  },
  {
    name: 'a size in base 256',
    make: () => withEntry('kthena/x', sized('\x80\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff')),
    says: 'the size of "kthena/x" is not a number',
  },
  {
    name: 'a size of gigabytes',
    make: () => withEntry('kthena/x', sized('77777777777')),
    says: 'kthena/x: larger than 1 MiB',
  },
  {
    name: 'a file that goes beyond the archive',
    make: () => withEntry('kthena/x', sized('00004000000')),
    says: 'kthena/x is cut off',
  },
  {
    name: 'a folder with contents',
    make: () => withEntry('kthena/x', [...typed('5'), ...sized('00000001000')]),
    says: 'a folder with contents of its own',
  },
  {
    name: 'a folder that leads out',
    make: () => withEntry('kthena/../../x/', typed('5')),
    says: 'the path leads out of the bundle',
  },
  {
    name: 'very many files',
    make: () => gzipStored(writeTar(filesOf(2000, (index) => `kthena/bundle/manifests/parts/${index}.yaml`))),
    says: 'the archive has more than 500 entries',
  },
];

/** Archives that are refused before anything in them is read. */
export const HOSTILE_ARCHIVES: readonly Hostile[] = [
  ...containers,
  ...blocks,
  ...paths.map(([name, path, says]) => ({ name, make: () => withEntry(path), says })),
  ...types.map(([name, type, says]) => ({ name, make: () => withEntry('kthena/x', typed(type)), says })),
];
