import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { env, getuid, pid } from 'node:process';

/** Where the parts of an identity come from: each may fail, as in a container whose user has no name. */
export interface IdentitySources {
  userName: () => string;
  hostName: () => string;
  environment: NodeJS.ProcessEnv;
  uid: number | undefined;
  pid: number;
}

const MAX_PART = 64;
const MAX_TEXT = 200;

/** Control and format characters, line ends too: they could move a cursor or turn a text around. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

const OWN: IdentitySources = {
  userName: () => userInfo().username,
  hostName: hostname,
  environment: env,
  uid: getuid?.(),
  pid,
};

/** Who runs this program, and which run of it: `user@host pid 1234 (5f0c1a2b)`, another one each time. */
export function runIdentity(sources: IdentitySources = OWN): string {
  const { environment, uid } = sources;
  const user =
    part(sources.userName) ??
    part(() => environment['USER'] ?? environment['USERNAME'] ?? '') ??
    (uid === undefined ? 'unknown' : `uid ${uid}`);
  const host = part(sources.hostName) ?? 'unknown-host';
  return `${user}@${host} pid ${sources.pid} (${randomBytes(4).toString('hex')})`;
}

/** A text that somebody else wrote, as one line of bounded length without invisible characters. */
export function visible(text: string, longest = MAX_TEXT): string {
  const cleaned = text.replace(INVISIBLE, '?');
  return cleaned.length <= longest ? cleaned : `${cleaned.slice(0, longest)}…`;
}

function part(source: () => string): string | undefined {
  try {
    const text = visible(source().trim(), MAX_PART);
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
