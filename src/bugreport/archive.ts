import { createHash } from 'node:crypto';
import { tarEnd, tarEntry } from '../bundle/archive/tar.js';
import type { ReportFile } from './report-file.js';

/** The one folder at the top of the archive. */
export const TOP = 'kthena-bug-report';

const MAX_SEGMENT = 90;

/** The files as the bytes of a tar archive, as they come. */
export async function* reportArchive(files: AsyncIterable<ReportFile>): AsyncGenerator<Buffer> {
  for await (const { path, data } of files) yield tarEntry({ path: `${TOP}/${path}`, data });
  yield tarEnd();
}

/**
 * A name from the cluster as a part of a path: RBAC allows any character in names, and names may be longer than what an archive or
 * a file system takes.
 */
export function pathSegment(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_');
  if (plain === name && name.length <= MAX_SEGMENT) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${plain.slice(0, MAX_SEGMENT - digest.length - 1)}-${digest}`;
}
