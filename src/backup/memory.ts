import { setFlagsFromString } from 'node:v8';

/** The newest Node whose V8 is known to have the flag; another one would complain of it. */
const NEWEST = 24;

/**
 * Keeps the space for young objects from growing to its 48 MB: streaming makes millions of objects that live for a moment, and a small
 * space serves them just as fast. To be called before the stream begins.
 */
export function keepHeapSmall(): void {
  const [major] = process.versions.node.split('.');
  if (Number(major) <= NEWEST) setFlagsFromString('--semi-space-growth-factor=1');
}
