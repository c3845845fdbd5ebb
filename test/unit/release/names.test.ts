import { describe, expect, it } from 'vitest';
import { KthenaError } from '../../../src/errors.js';
import { checkNamespace, checkReleaseName } from '../../../src/release/names.js';

function refusal(check: (name: string) => void, name: string): KthenaError {
  try {
    check(name);
  } catch (error) {
    if (error instanceof KthenaError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

describe('release names', () => {
  it.each(['kthena', 'k', '0', 'a-b', 'a--b', 'a.b', 'a.v2', '1a', 'x'.repeat(53)])('accepts %s', (name) => {
    expect(() => checkReleaseName(name)).not.toThrow();
  });

  it.each([
    ['', 'it is empty'],
    ['Kthena', '"K" is an uppercase letter'],
    ['a_b', '"_" is not allowed in it'],
    ['a b', '" " is not allowed in it'],
    ['a\n', '"\\n" is not allowed in it'],
    ['kthéna', '"é" is not allowed in it'],
    ['a,owner!=helm', '"," is not allowed in it'],
    ['-a', '"-a" does not start with a letter or digit'],
    ['a-', '"a-" does not end with a letter or digit'],
    ['a-.b', '"a-" does not end with a letter or digit'],
    ['a..b', 'a "." needs a letter or digit on both sides'],
    ['.a', 'a "." needs a letter or digit on both sides'],
    ['x'.repeat(54), 'it has 54 characters, at most 53 are allowed'],
  ])('refuses %j and says why', (name, fault) => {
    const error = refusal(checkReleaseName, name);
    expect(error.code).toBe('usage');
    expect(error.message).toBe(`${JSON.stringify(name)} cannot be a release name: ${fault}`);
    expect(error.hint).toContain('53 characters');
  });
});

describe('namespaces', () => {
  it.each(['kthena-system', 'a', '1', 'x'.repeat(63)])('accepts %s', (name) => {
    expect(() => checkNamespace(name)).not.toThrow();
  });

  it.each([
    ['', 'it is empty'],
    ['a.b', '"." is not allowed in it'],
    ['Default', '"D" is an uppercase letter'],
    ['a/b', '"/" is not allowed in it'],
    ['a-', '"a-" does not end with a letter or digit'],
    ['x'.repeat(64), 'it has 64 characters, at most 63 are allowed'],
  ])('refuses %j and says why', (name, fault) => {
    const error = refusal(checkNamespace, name);
    expect(error.code).toBe('usage');
    expect(error.message).toBe(`${JSON.stringify(name)} cannot be a namespace: ${fault}`);
    expect(error.hint).toContain('63 characters');
  });
});
