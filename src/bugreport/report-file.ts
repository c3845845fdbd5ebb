import type { TarFile } from '../bundle/archive/tar.js';
import type { KubeClient } from '../kube/client.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { toYaml } from '../render/print.js';
import type { Unread } from './unread.js';

/** A file of a report; its path is relative to the report's folder. */
export type ReportFile = TarFile;

/** What the parts of a report are read from. */
export interface Scope {
  client: KubeClient;
  signal: AbortSignal;
  release: ReleaseIdentity;
  unread: Unread;
}

export function textFile(path: string, text: string): ReportFile {
  return { path, data: Buffer.from(text, 'utf8') };
}

export function yamlFile(path: string, value: unknown): ReportFile {
  return textFile(path, toYaml(value));
}
