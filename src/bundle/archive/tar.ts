import { KthenaError } from '../../errors.js';
import { BUNDLE_LIMITS, bytesText } from './limits.js';
import { checkDistinct, checkPath } from './paths.js';

export interface TarFile {
  path: string;
  data: Buffer;
}

const BLOCK = 512;

/** What an entry is that is neither a file nor a folder, by its type flag. */
const REFUSED_TYPES: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  '7': 'a contiguous file',
  S: 'a sparse file',
  M: 'a part of an archive of several volumes',
  x: 'an extended header',
  g: 'a global extended header',
  L: 'a long name of GNU tar',
  K: 'a long link name of GNU tar',
};

/**
 * The files of a tar archive in their order. It takes plain files and folders only, the latter are left out of the result; libraries
 * that mend what is odd would hide what is wrong with an archive from elsewhere.
 *
 * @throws KthenaError `bundle` for anything that is not a well-formed archive of plain files
 */
export function readTar(archive: Buffer): TarFile[] {
  if (archive.length % BLOCK !== 0) throw damaged('it ends inside a block');
  const files: TarFile[] = [];
  let entries = 0;
  let at = 0;
  while (!isZero(blockAt(archive, at))) {
    if (++entries > BUNDLE_LIMITS.entries)
      throw new KthenaError('bundle', `the archive has more than ${BUNDLE_LIMITS.entries} entries`);
    const { path, type, size } = readHeader(blockAt(archive, at), at);
    at += BLOCK;
    if (type === '5') {
      checkPath(path.replace(/\/$/, ''));
      if (size > 0) throw new KthenaError('bundle', `${path}: a folder with contents of its own`);
      continue;
    }
    checkPath(path);
    if (size > BUNDLE_LIMITS.fileBytes)
      throw new KthenaError('bundle', `${path}: larger than ${bytesText(BUNDLE_LIMITS.fileBytes)}`);
    if (at + size > archive.length) throw damaged(`${path} is cut off`);
    files.push({ path, data: archive.subarray(at, at + size) });
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
  if (!isZero(blockAt(archive, at + BLOCK))) throw damaged('its end mark is incomplete');
  if (!isZero(archive.subarray(at))) throw damaged('there is something after its end');
  checkDistinct(files.map(({ path }) => path));
  return files;
}

function readHeader(header: Buffer, at: number): { path: string; type: string; size: number } {
  if (header.toString('latin1', 257, 262) !== 'ustar') throw damaged(`there is no header of an entry at byte ${at}`);
  const name = textField(header, 0, 100);
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? textField(header, 345, 155) : '';
  const path = prefix === '' ? name : `${prefix}/${name}`;
  if (octalField(header, 148, 8) !== checksumOf(header))
    throw damaged(`the header of ${JSON.stringify(path)} has a wrong checksum`);
  const flag = header.toString('latin1', 156, 157);
  const type = flag === '\0' ? '0' : flag;
  if (type !== '0' && type !== '5') {
    const what = REFUSED_TYPES[type] ?? `an entry of type ${JSON.stringify(type)}`;
    throw new KthenaError('bundle', `${JSON.stringify(path)}: ${what}; a bundle has plain files only`, {
      hint: 'kthena package writes such archives.',
    });
  }
  const size = octalField(header, 124, 12);
  if (size === undefined) throw damaged(`the size of ${JSON.stringify(path)} is not a number`);
  return { path, type, size };
}

function textField(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

/** Undefined where it is not octal digits with spaces or NULs around. */
function octalField(header: Buffer, start: number, length: number): number | undefined {
  const text = header.toString('latin1', start, start + length).replace(/^ +|[ \0]+$/g, '');
  return /^[0-7]+$/.test(text) ? parseInt(text, 8) : undefined;
}

/** The sum of the header's bytes, its own checksum counted as spaces. */
function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function blockAt(archive: Buffer, at: number): Buffer {
  if (at + BLOCK > archive.length) throw damaged('it is cut off');
  return archive.subarray(at, at + BLOCK);
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function damaged(how: string): KthenaError {
  return new KthenaError('bundle', `this is not a sound tar archive: ${how}`, {
    hint: 'Fetch or package the bundle again.',
  });
}

/**
 * A tar archive of these files in this order. Nothing in it depends on the machine: the owner is 0, the mode 0644, the time 0.
 *
 * @throws KthenaError `bundle` for a path that does not fit into a header
 */
export function writeTar(files: readonly TarFile[]): Buffer {
  for (const { path } of files) {
    if (Buffer.byteLength(path) > NAME_BYTES)
      throw new KthenaError('bundle', `${path}: the path is longer than the 100 bytes that an archive has for it`);
  }
  return Buffer.concat([...files.map(tarEntry), tarEnd()]);
}

/** One file of an archive that is written piece by piece. Its path may be up to 255 bytes, where it can be divided at a slash. */
export function tarEntry({ path, data }: TarFile): Buffer {
  return Buffer.concat([headerOf(path, data.length), padded(data)]);
}

/** What comes after the last file. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** A long path stands in two fields. */
function dividedPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { prefix: '', name: path };
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(name) <= NAME_BYTES) return { prefix, name };
  }
  throw new KthenaError('failed', `${path}: the path is longer than what an archive has for it`);
}

function headerOf(path: string, size: number): Buffer {
  const { prefix, name } = dividedPath(path);
  const header = Buffer.alloc(BLOCK);
  const write = (at: number, text: string): void => void header.write(text, at, 'utf8');
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  write(0, name);
  write(100, octal(0o644, 7));
  write(108, octal(0, 7));
  write(116, octal(0, 7));
  write(124, octal(size, 11));
  write(136, octal(0, 11));
  write(156, '0');
  write(257, 'ustar\x0000');
  write(345, prefix);
  write(148, `${checksumOf(header).toString(8).padStart(6, '0')}\0 `);
  return header;
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}
