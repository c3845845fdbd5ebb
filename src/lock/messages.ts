import { KthenaError } from '../errors.js';
import { formatRef, type KubeObject } from '../kube/object.js';
import { leaseRef, readLease, type LeaseState, type LockedRelease } from './lease.js';

const ONE_WRITER = 'This run has stopped, because only one may change a release at a time. Let the other one end';

/** Another run works on the release. `clocksDiffer`: it lives, though by its time of renewal it would not. */
export function heldByAnother(
  release: LockedRelease,
  live: KubeObject,
  now: Date,
  { clocksDiffer = false } = {},
): KthenaError {
  const state = readLease(live);
  const times = [since(state, now), ...(clocksDiffer ? [] : [lastSign(state, now), expiry(state, now)])];
  const hint = clocksDiffer
    ? `Wait until that run has ended. Its machine and this one disagree about the time: look at their clocks.`
    : `Wait until that run has ended, then run this command again. A run that was cut off loses its lock when it expires.`;
  return new KthenaError('conflict', `${subject(release)}: another run works on it: ${holder(state)}`, {
    details: [`${formatRef(leaseRef(release))}: ${times.join(', ')}`],
    hint,
  });
}

/** Others come and go so quickly that this run never gets its turn. */
export function crowdedOut(release: LockedRelease): KthenaError {
  return new KthenaError('conflict', `${subject(release)}: other runs took its lock each time it was free`, {
    details: [`${formatRef(leaseRef(release))}: taken or deleted by others while this run tried to take it`],
    hint: 'Find out what else changes this release, then run this command again.',
  });
}

/** What is said when the lock of a run that has ended is taken over, and how that is known. */
export function takenOverFrom(release: LockedRelease, live: KubeObject, ended: boolean, now: Date): string {
  const state = readLease(live);
  const reason = ended ? 'its process has ended on this machine' : lastSign(state, now);
  return `${formatRef(leaseRef(release))}: taken over from a run that was cut off: ${holder(state)}; ${reason}`;
}

export function lostToAnother(release: LockedRelease, live: KubeObject): KthenaError {
  return new KthenaError(
    'conflict',
    `${subject(release)}: another run has taken its lock over: ${holder(readLease(live))}`,
    { hint: `${ONE_WRITER}, look at what it did, and run this command again if it is still wanted.` },
  );
}

export function lostByDeletion(release: LockedRelease): KthenaError {
  return new KthenaError(
    'conflict',
    `${subject(release)}: somebody deleted the lock of this run, ${formatRef(leaseRef(release))}`,
    {
      hint: 'This run has stopped, because another one may have begun. Look at the release, then run this command again.',
    },
  );
}

/** `cause` is the last failure, where there was one: an answer may also just not have come. */
export function lostByTime(release: LockedRelease, seconds: number, cause: unknown): KthenaError {
  const message = `${subject(release)}: its lock could not be renewed for ${seconds} s`;
  const hint = 'This run has stopped, because another one may take the lock over. Run the same command again to go on.';
  if (!(cause instanceof KthenaError)) return new KthenaError('unreachable', message, { hint, cause });
  return new KthenaError(cause.code, message, { details: [cause.message, ...cause.details], hint, cause });
}

export function notReleased(release: LockedRelease, seconds: number, reason: string): string {
  return `${formatRef(leaseRef(release))}: the lock of this run could not be deleted and expires within ${seconds} s: ${reason}`;
}

export function waitingForSign(release: LockedRelease, live: KubeObject, seconds: number): string {
  return `Waiting ${seconds} s for a sign of life of ${readLease(live).holder}, whose lock of ${subject(release)} seems to have expired`;
}

function subject({ name, namespace }: LockedRelease): string {
  return `release ${namespace}/${name}`;
}

function holder({ holder: identity, operation }: LeaseState): string {
  return `${operation} by ${identity}`;
}

function since({ since: time }: LeaseState, now: Date): string {
  return time === undefined ? 'held since an unknown time' : `held since ${isoTime(time)} (${span(time, now)} ago)`;
}

function lastSign({ renewed }: LeaseState, now: Date): string {
  return renewed === undefined
    ? 'no sign of life of it'
    : `last sign of life ${isoTime(renewed)} (${span(renewed, now)} ago)`;
}

function expiry({ renewed, seconds }: LeaseState, now: Date): string {
  const end = new Date((renewed ?? now).getTime() + seconds * 1000);
  return `expires without another one at ${isoTime(end)} (in ${span(now, end)})`;
}

function isoTime(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '');
}

/** The time between two moments in the unit that suits it; clocks that differ a little make nothing negative. */
function span(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
