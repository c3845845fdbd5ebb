import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The newest Node whose V8 is known to have these flags; another one would complain of them. */
const NEWEST = 24;
/** Bytes of documents after which what they have left behind is collected; a collection takes some milliseconds. */
const INTERVAL = 4 << 20;

let collect: (() => void) | undefined;
let passed = 0;

/**
 * Makes V8 trade a little time for memory, for the streams of backup and restore: left alone, it takes twice the memory before it looks
 * what can go, since a stream of any length looks like a program that needs ever more. To be called before the stream begins.
 */
export function keepHeapSmall(): void {
  if (collect !== undefined || Number(process.versions.node.split('.')[0]) > NEWEST) return;
  // The space for young objects would grow to 48 MB.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
}

/** To be told the size of every document that has passed. */
export function documentPassed(bytes: number): void {
  passed += bytes;
  if (collect === undefined || passed < INTERVAL) return;
  passed = 0;
  collect();
}
