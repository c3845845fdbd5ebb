import { expect, it } from 'vitest';
import { parseWarnings } from '../../../src/kube/warning-header.js';

it('reads one text, several, and quoted characters', () => {
  expect(parseWarnings('299 - "policy/v1beta1 is deprecated"')).toEqual(['policy/v1beta1 is deprecated']);
  expect(parseWarnings('299 - "one, two", 299 - "unknown field \\"spec.a\\""')).toEqual([
    'one, two',
    'unknown field "spec.a"',
  ]);
});

it('leaves out other warnings and no header', () => {
  expect(parseWarnings('110 proxy "response is stale"')).toEqual([]);
  expect(parseWarnings('')).toEqual([]);
});
