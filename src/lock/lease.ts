import type { KubeObject, ObjectRef } from '../kube/object.js';
import { visible } from './identity.js';
import type { ProcessMark } from './process-mark.js';

/** The release that a lock is for. */
export interface LockedRelease {
  name: string;
  namespace: string;
}

/** What a run writes into the Lease it takes. */
export interface Claim {
  release: LockedRelease;
  /** Unlike that of any other run. */
  identity: string;
  /** `upgrade`, `uninstall` … */
  operation: string;
  process: ProcessMark | undefined;
  leaseSeconds: number;
}

/** What a Lease says, fit for a message. What is missing or makes no sense is undefined. */
export interface LeaseState {
  /** Empty where nobody holds it. */
  holder: string;
  operation: string;
  since: Date | undefined;
  renewed: Date | undefined;
  seconds: number;
  process: ProcessMark | undefined;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

const NAME_PREFIX = 'kthena.';
const OPERATION = 'kthena.io/operation';
/** Machine, pid and start of the holder's process. */
const PROCESS = 'kthena.io/process';
const DEFAULT_SECONDS = 30;

/** Where the lock of a release is. A release name is a DNS subdomain of at most 53 characters, so this is one too. */
export function leaseRef({ name, namespace }: LockedRelease): ObjectRef & { namespace: string } {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name: NAME_PREFIX + name };
}

/** The Lease for a claim where there is none. */
export function newLease(claim: Claim, now: Date): KubeObject {
  const { apiVersion, kind, name, namespace } = leaseRef(claim.release);
  const labels = { 'app.kubernetes.io/managed-by': 'kthena' };
  const metadata = { name, namespace, labels, annotations: annotationsOf(claim) };
  return { apiVersion, kind, metadata, spec: specOf(claim, now, 0) };
}

/** The live Lease in the hands of another run; with its resourceVersion and uid, of which the API server lets only one pass. */
export function takenOver(live: KubeObject, claim: Claim, now: Date): KubeObject {
  // The predecessor's process must not be taken for this one.
  const { [PROCESS]: _, ...others } = live.metadata.annotations ?? {};
  const metadata = { ...live.metadata, annotations: { ...others, ...annotationsOf(claim) } };
  return { ...live, metadata, spec: specOf(claim, now, (readSpec(live).leaseTransitions ?? 0) + 1) };
}

/** The live Lease with another sign of life. */
export function renewed(live: KubeObject, now: Date): KubeObject {
  return { ...live, spec: { ...readSpec(live), renewTime: microTime(now) } };
}

export function isHeldBy(live: KubeObject, identity: string): boolean {
  return readSpec(live).holderIdentity === identity;
}

/** True where a Lease, read twice, has got no sign of life of its holder in between. */
export function isSameRenewal(a: KubeObject, b: KubeObject): boolean {
  const [before, after] = [readSpec(a), readSpec(b)];
  return before.holderIdentity === after.holderIdentity && before.renewTime === after.renewTime;
}

export function readLease(live: KubeObject): LeaseState {
  const spec = readSpec(live);
  const annotations = live.metadata.annotations ?? {};
  return {
    holder: visible(spec.holderIdentity ?? ''),
    operation: visible(annotations[OPERATION] ?? 'unnamed operation'),
    since: parseTime(spec.acquireTime),
    renewed: parseTime(spec.renewTime),
    seconds: spec.leaseDurationSeconds ?? DEFAULT_SECONDS,
    process: parseMark(annotations[PROCESS]),
  };
}

function readSpec(lease: KubeObject): LeaseSpec {
  return (lease['spec'] ?? {}) as LeaseSpec;
}

function specOf({ identity, leaseSeconds }: Claim, now: Date, transitions: number): LeaseSpec {
  return {
    holderIdentity: identity,
    leaseDurationSeconds: leaseSeconds,
    acquireTime: microTime(now),
    renewTime: microTime(now),
    leaseTransitions: transitions,
  };
}

function annotationsOf({ operation, process }: Claim): Record<string, string> {
  if (process === undefined) return { [OPERATION]: operation };
  return { [OPERATION]: operation, [PROCESS]: `${process.machine} ${process.pid} ${process.start}` };
}

function parseMark(text: string | undefined): ProcessMark | undefined {
  // To signal 0 or less would be to signal a whole group.
  const match = /^([0-9a-f]{32}) ([1-9][0-9]{0,9}) ([0-9]{1,20})$/.exec(text ?? '');
  return match === null ? undefined : { machine: match[1]!, pid: Number(match[2]), start: match[3]! };
}

function parseTime(text: string | undefined): Date | undefined {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The format of the API's MicroTime, which wants six digits. */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
