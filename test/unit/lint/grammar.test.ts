import { describe, expect, it } from 'vitest';
import { grammarProblem, qualifiedNameProblem } from '../../../src/lint/grammar.js';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('an image reference', () => {
  it.each([
    'web',
    'web:1.0',
    'team/web',
    'localhost/web',
    'localhost:5000/web:latest',
    'registry.example.com/team/kthena-router:v1.0.0',
    'Registry.example.com/a/b/c__d-e.f:V1_2',
    `registry.example.com/team/kthena-router@${DIGEST}`,
    `registry.example.com/team/kthena-router:v1.0.0@${DIGEST}`,
  ])('may be %s', (image) => {
    expect(grammarProblem('image', image)).toBeUndefined();
  });

  it.each([
    'web:',
    ':1.0',
    '/web',
    'web/',
    'a//b',
    'Web',
    'team/Web',
    'web:1 0',
    'web@sha256:abc',
    'https://a/b',
    'a..b',
    `web:${'1'.repeat(129)}`,
  ])('may not be %j', (image) => {
    expect(grammarProblem('image', image)).toBeDefined();
  });
});

describe('a key of a label', () => {
  it.each(['app', 'App', 'a.b_c-d', '1', 'app.kubernetes.io/name', 'a/B', 'x'.repeat(63), `${'a.'.repeat(126)}a/b`])(
    'may be %s',
    (key) => {
      expect(qualifiedNameProblem(key)).toBeUndefined();
    },
  );

  it.each(['', '-a', 'a-', 'a b', '/a', 'a/', 'a/b/c', 'A/b', 'a_b/c', 'x'.repeat(64), `${'a.'.repeat(127)}a/b`])(
    'may not be %j',
    (key) => {
      expect(qualifiedNameProblem(key)).toBeDefined();
    },
  );
});

describe('every grammar', () => {
  it('answers at once whatever the text', () => {
    const hostile = [
      'a'.repeat(512) + '!',
      'a-'.repeat(126) + '!',
      'a.'.repeat(126) + '!',
      'a/'.repeat(250) + '!',
      'a'.repeat(1e6) + '!',
      '-'.repeat(500),
    ];
    const grammars = [
      'subdomain',
      'webhook',
      'label',
      'service',
      'portName',
      'labelValue',
      'dataKey',
      'image',
    ] as const;
    const start = performance.now();
    for (const text of hostile) {
      for (const grammar of grammars) expect(grammarProblem(grammar, text)).toBeDefined();
      expect(qualifiedNameProblem(text)).toBeDefined();
    }
    expect(performance.now() - start).toBeLessThan(500);
  });
});
