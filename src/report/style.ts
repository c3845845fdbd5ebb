import { Chalk, type ChalkInstance } from 'chalk';

/** Colours for one stream: none where it is not a terminal, and none where NO_COLOR is set (no-color.org). */
export function styleFor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): ChalkInstance {
  const forced = environment['FORCE_COLOR'];
  const plain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  if (plain) return new Chalk({ level: 0 });
  if (forced !== undefined) return new Chalk({ level: forced === '0' ? 0 : 1 });
  return new Chalk({ level: stream.isTTY === true ? 1 : 0 });
}
