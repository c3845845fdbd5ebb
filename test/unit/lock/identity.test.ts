import { describe, expect, it } from 'vitest';
import { runIdentity, visible, type IdentitySources } from '../../../src/lock/identity.js';

const SOURCES: IdentitySources = {
  userName: () => 'alice',
  hostName: () => 'laptop',
  environment: { USER: 'eve' },
  uid: 1000,
  pid: 42,
};

function refuse(): never {
  throw new Error('ENOENT: no such user');
}

/** Without what makes each one different. */
function identity(parts: Partial<IdentitySources> = {}): string {
  return runIdentity({ ...SOURCES, ...parts }).replace(/ \([0-9a-f]{8}\)$/, '');
}

describe('the identity of a run', () => {
  it('is the user, the machine and the process', () => {
    expect(identity()).toBe('alice@laptop pid 42');
  });

  it('is another one each time', () => {
    expect(runIdentity(SOURCES)).not.toBe(runIdentity(SOURCES));
  });

  it.each([
    [{ userName: refuse }, 'eve@laptop pid 42'],
    [{ userName: () => '' }, 'eve@laptop pid 42'],
    [{ userName: refuse, environment: { USERNAME: 'mallory' } }, 'mallory@laptop pid 42'],
    [{ userName: refuse, environment: {} }, 'uid 1000@laptop pid 42'],
    [{ userName: refuse, environment: { USER: ' ' }, uid: undefined }, 'unknown@laptop pid 42'],
    [{ hostName: refuse }, 'alice@unknown-host pid 42'],
    [{ hostName: () => '' }, 'alice@unknown-host pid 42'],
  ])('does without what the system does not tell: %#', (parts, expected) => {
    expect(identity(parts)).toBe(expected);
  });

  it('has no control characters, and no long parts', () => {
    const environment = { USER: `e\u001b[31mv\ne\u202e${'x'.repeat(1000)}` };
    const text = identity({ userName: refuse, environment });
    expect(text).toMatch(/^e\?\[31mv\?e\?x+…@laptop pid 42$/);
    expect(text.length).toBeLessThan(100);
  });
});

describe('a text for a message', () => {
  it('keeps letters of all languages', () => {
    expect(visible('Ægir Ω 山田 🦙')).toBe('Ægir Ω 山田 🦙');
  });

  it('has a bounded length', () => {
    expect(visible('a'.repeat(10_000))).toHaveLength(201);
  });
});
