import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { BackupHeader } from './format.js';
import type { SavedResource } from './resource.js';
import { Tally } from './tally.js';
import { createTarget, type Target } from './target.js';
import { writeBackup } from './write.js';

/** Resources that are handed over and not written yet. */
const WAITING = 16;

/**
 * A backup of its own of the resources that could not be restored, beside the one they come from: `routes.yaml.gz` gives
 * `routes.refused.yaml`. It is begun with the first of them. Its contents depend on nothing but the resources, so that doing the
 * same restore again gives the same file; another one of that name is kept, and the next number taken.
 */
export class RefusedFile {
  readonly #source: string;
  readonly #header: BackupHeader;
  #open: { resources: PassThrough; target: Target; written: Promise<void> } | undefined;

  constructor(source: string, header: BackupHeader) {
    this.#source = source;
    this.#header = header;
  }

  /** Where the file cannot be written, `finish` says so. */
  async add(resource: SavedResource): Promise<void> {
    this.#open ??= this.#begin();
    const { resources, written } = this.#open;
    if (resources.destroyed || resources.write(resource)) return;
    // Where the writing has failed, nothing makes room any more.
    await Promise.race([once(resources, 'drain'), written]).catch(() => undefined);
  }

  /**
   * @returns the path of the file; undefined where no resource was added
   * @throws KthenaError `failed` where it could not be written
   */
  async finish(): Promise<string | undefined> {
    if (this.#open === undefined) return undefined;
    const { resources, target, written } = this.#open;
    try {
      resources.end();
      await written;
      return await publishBeside(this.#source, target);
    } finally {
      await target.discard();
    }
  }

  #begin(): { resources: PassThrough; target: Target; written: Promise<void> } {
    const target = createTarget(refusedName(this.#source, 1));
    const resources = new PassThrough({ objectMode: true, highWaterMark: WAITING });
    const leftOut = { children: 0, terminating: 0 };
    const written = target.write(writeBackup({ header: this.#header, resources, leftOut, tally: new Tally() }));
    // `finish` tells.
    written.catch(() => undefined);
    resources.on('error', () => undefined);
    return { resources, target, written };
  }
}

async function publishBeside(source: string, target: Target): Promise<string> {
  for (let number = 1; ; number++) {
    const path = refusedName(source, number);
    if (!existsSync(path)) {
      await target.publish(path, { replace: false });
      return path;
    }
    if ((await checksum(path)) === (await checksum(target.temporary))) return path;
  }
}

/** The name follows from that of the file that was given, and from nothing that is in it. */
export function refusedName(source: string, number: number): string {
  const base = source.replace(/\.gz$/, '').replace(/\.ya?ml$/, '');
  return `${base.replace(/\.refused(-\d+)?$/, '')}.refused${number === 1 ? '' : `-${number}`}.yaml`;
}

async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
