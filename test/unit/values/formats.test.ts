import { describe, expect, it } from 'vitest';
import { goDurationSeconds } from '../../../src/values/duration.js';
import { FORMATS } from '../../../src/values/formats.js';

const cases: Record<string, { valid: string[]; invalid: string[] }> = {
  'absolute-path': { valid: ['/a', '/etc/tls/tls.crt'], invalid: ['a', './a', ' /a'] },
  base64: {
    valid: ['QQ==', 'Q0E=', 'Q0EtQlVORExF', 'Q0Et\r\nQlVORExF\n'],
    invalid: ['Q', 'QQ=', 'QQ===', 'Q Q=', 'Q_-=', '???', 'QQ==QQ=='],
  },
  'controller-list': {
    valid: ['modelserving', 'autoscaler,modelbooster'],
    invalid: ['foo', 'modelserving,', 'modelserving, autoscaler', '*'],
  },
  'dns-name': {
    valid: ['a', 'a.b.example.com', '*.example.com'],
    invalid: ['a..b', '-a', 'A.b', 'a_b', '*', 'a.*.b', 'a.b.', 'x'.repeat(64)],
  },
  'dns-subdomain': { valid: ['a', 'a-b.c', '1a'], invalid: ['A', 'a_b', '-a', 'a-', '*.a', `${'a.'.repeat(127)}a`] },
  'env-name': { valid: ['A', '_a', 'a.b-c', 'PATH2'], invalid: ['2A', 'A=B', 'A B'] },
  'fairness-window': { valid: ['1m', '60s', '1h', '30m30s', '0.5h'], invalid: ['59s', '1h1s', '0', '60', '1d'] },
  'go-duration': {
    valid: ['0', '0s', '1.5h', '1h30m', '50ms', '1us', '.5s', '+1s'],
    invalid: ['-1s', '1', '1d', 's', '1 s', '1h30', '999999999h'],
  },
  'http-header-name': { valid: ['X-Session-ID', 'a_b'], invalid: ['a b', 'a:b', 'é'] },
  'image-registry': {
    valid: ['registry.example.com', 'localhost:5000', 'r.example.com/mirror/a', '[::1]:5000'],
    invalid: ['https://r', 'r/', 'r/A', 'r//a'],
  },
  'image-repository': {
    valid: ['a', 'ghcr.io/volcano-sh/kthena-router', 'localhost:5000/a/b', 'a__b/c-d.e'],
    invalid: ['a:tag', 'A/b/C', 'a//b', '/a', 'a/', 'a@sha256:0', `a/${'b'.repeat(255)}`, 'a..b'],
  },
  'image-tag': {
    valid: ['v1.0.0', '1', '_a', `v1@sha256:${'0'.repeat(64)}`],
    invalid: ['-a', 'a b', 'a:b', 'x'.repeat(129), 'v1@sha256:0'],
  },
  'label-key': {
    valid: ['a', 'a.b_c-D', 'example.com/a'],
    invalid: ['a b', '/a', 'a/', 'A.b/c', 'a/b/c', '-a', 'x'.repeat(64)],
  },
  'label-value': { valid: ['a', 'A.b_c-1'], invalid: ['-a', 'a b', 'a/b', 'x'.repeat(64)] },
  'log-output': { valid: ['stdout', 'stderr', '/var/log/a'], invalid: ['STDOUT', 'a', './a'] },
  percentage: { valid: ['0%', '50%', '100%'], invalid: ['50', '101%', '050%', '-1%', '5.5%'] },
  'pod-label-key': {
    valid: ['a', 'app.kubernetes.io/part-of'],
    invalid: ['app.kubernetes.io/name', 'helm.sh/chart', 'a b'],
  },
  'kubernetes-quantity': {
    valid: ['1', '500m', '1Gi', '1.5G', '.5', '1e3', '1E', '1E3', '100k', '+1'],
    invalid: ['1x', '-1', '1 Gi', '1gi', 'm', '1KI', '1K i'],
  },
  'service-name': { valid: ['a', 'a-1'], invalid: ['1a', 'a.b', 'A', 'a-', 'x'.repeat(64)] },
};

describe('formats', () => {
  it('are all tested', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(FORMATS).sort());
  });

  for (const [name, { valid, invalid }] of Object.entries(cases)) {
    it(`${name} takes what Kubernetes and the components take`, () => {
      expect(['', ...valid].filter((text) => FORMATS[name]?.validate(text) !== true)).toEqual([]);
    });
    it(`${name} refuses anything else`, () => {
      expect(invalid.filter((text) => FORMATS[name]?.validate(text) !== false)).toEqual([]);
    });
    it(`${name} answers at once for a long text`, () => {
      for (const piece of ['a', '1', 'a.', 'a-', '1h', 'A', '/a', 'aB'])
        FORMATS[name]?.validate(`${piece.repeat(200_000)}!`);
    }, 2000);
  }
});

describe('goDurationSeconds', () => {
  it.each([
    ['0', 0],
    ['90s', 90],
    ['1h30m', 5400],
    ['1.5m', 90],
    ['-200ms', -0.2],
    ['100ns', 1e-7],
    ['2µs', 2e-6],
    ['2μs', 2e-6],
    ['1h0m0.5s', 3600.5],
  ])('of %s is %d', (text, seconds) => {
    expect(goDurationSeconds(text)).toBeCloseTo(seconds, 12);
  });

  it.each(['', '1', 's', '1d', '1h 30m', 'h1', '1..5s', '-', '9999999h'])('of %j is none', (text) => {
    expect(goDurationSeconds(text)).toBeUndefined();
  });
});
