import { KthenaError } from '../errors.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that there',
  EPERM: 'this user may not do that there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'there is no space left on the device',
  EDQUOT: "this user's disk quota is used up",
  EFBIG: 'files may not become so large there',
  ENOENT: 'the file or its folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'this process has too many files open',
};

/**
 * The error for a file that cannot be read or written; anything that is no error of the file system is given back as it is.
 *
 * @param what such as `backup.yaml cannot be written`
 */
export function fileError(error: unknown, what: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new KthenaError('failed', `${what}: ${REASONS[code] ?? code}`, { cause: error });
}

/** Such as `ENOSPC`; undefined for what the file system did not say. */
export function codeOf(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : code;
}
