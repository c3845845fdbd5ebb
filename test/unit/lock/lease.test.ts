import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { leaseRef, newLease, readLease, renewed, takenOver, type Claim } from '../../../src/lock/lease.js';
import { checkReleaseName } from '../../../src/release/names.js';

const NOW = new Date('2025-03-04T05:06:07.089Z');
const MARK = { machine: 'a'.repeat(32), pid: 42, start: '123456' };
const CLAIM: Claim = {
  release: { name: 'kthena', namespace: 'kthena-system' },
  identity: 'alice@laptop pid 42 (0)',
  operation: 'upgrade',
  process: MARK,
  leaseSeconds: 30,
};

function lease(spec: unknown, annotations?: Record<string, string>): KubeObject {
  const metadata = { name: 'kthena.kthena', namespace: 'kthena-system', ...(annotations && { annotations }) };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}

describe('the name of a Lease', () => {
  it.each(['a', 'a.b', '0-0', 'x'.repeat(53), `${'a.'.repeat(26)}z`])('is a DNS subdomain for release %s', (name) => {
    checkReleaseName(name);
    const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
    expect(leaseRef({ name, namespace: 'x' }).name).toMatch(subdomain);
  });
});

describe('a Lease', () => {
  it('is read as it was written', () => {
    expect(readLease(newLease(CLAIM, NOW))).toEqual({
      holder: CLAIM.identity,
      operation: 'upgrade',
      since: NOW,
      renewed: NOW,
      seconds: 30,
      process: MARK,
    });
  });

  it('gets nothing but another time when it is renewed', () => {
    const later = new Date('2025-03-04T05:06:17.1Z');
    const before = newLease(CLAIM, NOW);
    const spec = { ...(before['spec'] as object), renewTime: '2025-03-04T05:06:17.100000Z' };
    expect(renewed(before, later)).toEqual({ ...before, spec });
  });

  it('keeps nothing of the process of a predecessor where the new one is not known', () => {
    const { process: _, ...rest } = CLAIM;
    const taken = takenOver(newLease(CLAIM, NOW), { ...rest, process: undefined, identity: 'bob' }, NOW);
    expect(taken.metadata.annotations).toEqual({ 'kthena.io/operation': 'upgrade' });
    expect(taken['spec']).toMatchObject({ holderIdentity: 'bob', leaseTransitions: 1 });
  });

  it.each([undefined, null, {}, { renewTime: 'soon', acquireTime: '' }])(
    'that says nothing useful is read all the same: %#',
    (spec) => {
      expect(readLease(lease(spec))).toEqual({
        holder: '',
        operation: 'unnamed operation',
        since: undefined,
        renewed: undefined,
        seconds: 30,
        process: undefined,
      });
    },
  );

  it.each(['', `${MARK.machine} 0 1`, `${MARK.machine} -42 1`, `${MARK.machine} 42`, `${MARK.machine} 42 1 `])(
    'does not make a process of the annotation "%s"',
    (text) => {
      expect(readLease(lease({}, { 'kthena.io/process': text })).process).toBeUndefined();
    },
  );
});
