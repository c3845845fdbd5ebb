import { KthenaError } from '../errors.js';
import type { Finding } from './check.js';

/** The API server's words for a right that is missing: the check of the rights says so by itself, with what would help. */
const NO_RIGHT = /\(403: .*User ".*" cannot \w+ resource /s;

export function isLackOfRights(message: string): boolean {
  return NO_RIGHT.test(message);
}

/** @param what could not be tried, as `3 objects` */
export function untriedFinding(what: string): Finding {
  return {
    severity: 'info',
    seen: `${what} could not be tried, since the user may not write them`,
    hint: 'The check "rights" lists what the user lacks, with the roles that grant it.',
  };
}

/** An error that refuses a change as a finding: the same words, and what they are about below. */
export function errorFinding({ message, details, hint }: KthenaError, otherwise: string): Finding {
  return { severity: 'error', seen: [message, ...details].join('\n'), hint: hint ?? otherwise };
}
