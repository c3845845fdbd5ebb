import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/crds/stored/pattern/pattern.js';

/** Verified against Go's regexp package, from which some of JavaScript's answers differ. */
describe('compilePattern', () => {
  it.each<[pattern: string, matching: string[], others: string[]]>([
    ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', ['a', 'a-b', '0'], ['', '-a', 'a-', 'A', 'a\n']],
    ['^(hf://|s3://).+', ['hf://x', 's3://a/b'], ['hf://', 'xhf://x', 's3://\n']],
    ['b', ['abc', 'b'], ['', 'ac']],
    ['', ['', 'a'], []],
    ['^$|^a', ['', 'ab'], ['b']],
    ['a{2}', ['aa', 'baab'], ['a']],
    ['^a{1,2}$', ['a', 'aa'], ['', 'aaa']],
    ['^a{2,}$', ['aa', 'aaaa'], ['a']],
    ['^a{,2}$', ['a{,2}'], ['a', 'aa']],
    ['^(?:ab|c)+?d??$', ['abc', 'cd'], ['', 'd', 'cdd']],
    ['^(?P<year>[0-9]{4})-(?<month>[0-9]{2})$', ['2024-01'], ['2024-1']],
    ['(?i)^abc$', ['ABC', 'aBc'], ['abcd']],
    ['^a(?i:b)c$', ['aBc', 'abc'], ['ABc', 'aBC']],
    ['^(a(?i)b)c$', ['aBc'], ['aBC']],
    ['(?i)^[^a]$', ['b'], ['a', 'A']],
    ['^a.c$', ['abc', 'a\rc', 'a\u2028c', 'a😀c'], ['a\nc']],
    ['(?s)^a.c$', ['a\nc'], ['ac']],
    ['(?m)^b$', ['a\nb\nc'], ['ab']],
    ['^b$', ['b'], ['a\nb']],
    ['\\Ab\\z', ['b'], ['b\n', 'a\nb']],
    ['\\bfoo\\b', ['a foo b', 'foo'], ['foos', '_foo']],
    ['a\\Bb', ['ab'], ['a b']],
    ['^\\s$', [' ', '\t'], ['\u00a0', '\v']],
    ['^\\d\\D\\w\\W\\S$', ['1a_-x'], ['aa_-x']],
    ['^[\\w.-]+$', ['a.b-c_1'], ['a b', '']],
    ['^[]a]+$', [']a'], ['b']],
    ['^[^]a]$', ['b'], [']', 'a']],
    ['^[a-]$', ['a', '-'], ['b']],
    ['^[[:alpha:]_]+[[:^digit:]]$', ['a_b'], ['a_1', '1_b']],
    ['^\\p{Lu}\\pL\\P{Greek}\\p{^Greek}$', ['Äbcd'], ['äbcd', 'Äbγd']],
    ['^\\x41\\x{1F600}\\101\\.\\/\\-$', ['A😀A./-'], ['A😀A']],
    ['^\\Qa.b*\\E*$', ['a.b***', 'a.b'], ['axb*']],
    ['^\\t\\n\\a\\0$', ['\t\n\u0007\0'], ['tna0']],
    ['^😀{2}$', ['😀😀'], ['😀']],
  ])('%s', (pattern, matching, others) => {
    const { test } = compilePattern(pattern)!;
    expect(matching.filter((text) => !test(text))).toEqual([]);
    expect(others.filter((text) => test(text))).toEqual([]);
  });

  it.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '\\1',
    '\\k<a>',
    'a**',
    'a{2}{3}',
    '*a',
    '(a',
    'a)',
    '[a',
    '[b-a]',
    '\\',
    'a{1001}',
    '(?x)a',
    '[[:foo:]]',
    '\\p{Foo}',
    '(a{1000}){1000}',
  ])('does not know %s, as Go does not', (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });

  it('takes time in proportion to the text where backtracking would take for ever', () => {
    const { test } = compilePattern('^(([a-z])+.)+[A-Z]([a-z])+$')!;
    const start = performance.now();
    expect(test('a'.repeat(10_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
