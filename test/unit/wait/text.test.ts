import { describe, expect, it } from 'vitest';
import { lastLine, oneLine } from '../../../src/wait/text.js';

describe('a message from the cluster', () => {
  it.each([
    ['a password in a URL', 'dial redis://:hunter2@redis:6379: refused', 'dial redis://:********@redis:6379: refused'],
    ['an assignment', 'args: --redis-password=hunter2 --port=1', 'args: --redis-password=******** --port=1'],
    ['a variable', 'AWS_SECRET_ACCESS_KEY="hunter2" set', 'AWS_SECRET_ACCESS_KEY="********" set'],
    ['JSON', '{"token": "hunter2", "user": "a"}', '{"token": "********", "user": "a"}'],
    ['a bearer token', 'Authorization: Bearer abcdefgh.ijkl', 'Authorization: Bearer ********'],
    ['a line of a key', `MII${'Ab1+'.repeat(16)} end`, '******** end'],
  ])('is masked where it holds %s', (_case, text, masked) => {
    expect(oneLine(text)).toBe(masked);
    expect(lastLine(text)).toBe(masked);
  });

  it.each([
    'secret "kthena-router-tls" not found',
    "couldn't find key password in Secret kthena-system/redis-secret",
    'WRONGPASS invalid username-password pair or user is disabled.',
    'exceeded quota: some, requested: secrets=1, used: secrets=5, limited: secrets=5',
    `failed to pull image "ghcr.io/volcano-sh/kthena-router@sha256:${'0a'.repeat(32)}": not found`,
  ])('stays as it is otherwise: %s', (text) => {
    expect(oneLine(text)).toBe(text);
  });

  it('does not steer the terminal', () => {
    expect(oneLine('\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007text\nnext')).toBe('red text next');
  });

  it('is masked before it is cut', () => {
    expect(lastLine(`password=${'hunter2'.repeat(200)} end`)).toBe('password=******** end');
  });
});
