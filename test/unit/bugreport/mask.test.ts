import { describe, expect, it } from 'vitest';
import { maskDeep, maskObject, maskText } from '../../../src/bugreport/mask.js';
import type { KubeObject } from '../../../src/kube/object.js';

const object = (kind: string, fields: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'sample', ...metadata },
  ...fields,
});

describe('maskObject', () => {
  it('leaves of a Secret the keys alone, and of kubectl the copy out', () => {
    const copy = '{"data":{"password":"aHVudGVyMg=="}}';
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': copy, note: 'kept' };
    const masked = maskObject(object('Secret', { data: { password: 'aHVudGVyMg==' } }, { annotations }));
    expect(masked).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'sample',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '***', note: 'kept' },
      },
      data: { password: '***' },
    });
  });

  it.each([
    ['REDIS_PASSWORD', 'hunter2', '***'],
    ['HF_TOKEN', 'hf_abc', '***'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalr', '***'],
    ['AWS_ACCESS_KEY_ID', 'AKIA', '***'],
    ['apiKey', 'abc', '***'],
    ['BASIC_AUTH', 'user:pw', '***'],
    ['HF_TOKEN', '', ''],
    ['DATABASE', 'redis://user:hunter2@redis:6379/0', 'redis://user:********@redis:6379/0'],
    ['FAIRNESS_INPUT_TOKEN_WEIGHT', '1.0', '1.0'],
    ['CERT_SECRET_NAME', 'kthena-certs', 'kthena-certs'],
    ['MONKEY', 'banana', 'banana'],
    ['DRAIN_TIMEOUT', '5m', '5m'],
  ])('masks of an environment variable %s=%s what is a credential: %s', (name, value, expected) => {
    const pod = { template: { spec: { containers: [{ name: 'router', env: [{ name, value }] }] } } };
    const masked = maskObject(object('Deployment', { spec: pod }));
    expect(masked['spec']).toEqual({
      template: { spec: { containers: [{ name: 'router', env: [{ name, value: expected }] }] } },
    });
  });

  it('masks flags, also where the value is the argument after it', () => {
    const args = ['--port=80', '--redis-password=hunter2', '--api-token', 'abc', '--cert-secret-name', 'certs', '-v'];
    expect(maskDeep({ args })).toEqual({
      args: ['--port=80', '--redis-password=********', '--api-token', '***', '--cert-secret-name', 'certs', '-v'],
    });
  });

  it('masks keys of a ConfigMap, and what stands in its files', () => {
    const data = {
      REDIS_HOST: 'redis',
      'redis-password': 'hunter2',
      'config.yaml': 'host: redis\npassword: hunter2\n  - token: "abc"\nsecretName: certs\n',
    };
    expect(maskObject(object('ConfigMap', { data, binaryData: { blob: 'AAAA' } }))).toMatchObject({
      data: {
        REDIS_HOST: 'redis',
        'redis-password': '***',
        'config.yaml': 'host: redis\npassword: ***\n  - token: ***\nsecretName: certs\n',
      },
      binaryData: '***',
    });
  });

  it('keeps what only names a credential, public certificates, and digests', () => {
    const ca = 'A'.repeat(200);
    const fields = {
      webhooks: [{ clientConfig: { caBundle: ca } }],
      spec: {
        secretName: 'certs',
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'redis', key: 'password' } } }],
        image: `router@sha256:${'0123456789abcdef'.repeat(4)}`,
      },
    };
    expect(maskObject(object('Sample', fields))).toMatchObject(fields);
  });

  it('leaves managed fields out', () => {
    const managedFields = [{ manager: 'kthena', operation: 'Apply' }];
    expect(maskObject(object('Service', {}, { managedFields })).metadata).toEqual({ name: 'sample' });
  });
});

describe('maskText', () => {
  it('masks what has the form of a credential', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\n' + 'MHcCAQEEIN'.repeat(7) + '\n-----END EC PRIVATE KEY-----';
    const masked = maskText(`token: abc\nAuthorization: Bearer abcdefghij\n${key}`);
    expect(masked).not.toMatch(/abc|MHcC/);
  });

  it.each([
    ['lines of any length', '://a:'.repeat(400_000), 20_000],
    ['many lines that begin like URLs with passwords', `${'://a:'.repeat(3_000)} @\n`.repeat(300), 5_000_000],
    ['many lines that begin like bearer tokens', `${'Bearer '.repeat(2_000)}\n`.repeat(300), 5_000_000],
    ['many lines that begin like assignments', `${'token="'.repeat(2_000)}\n`.repeat(300), 5_000_000],
    ['many lines of base64', `${'A'.repeat(15_000)}!\n`.repeat(300), 5_000_000],
  ])('takes %s, in little time', (_, text, longest) => {
    const start = performance.now();
    const masked = maskText(`${text}\nend`);
    expect(masked.length).toBeLessThan(longest);
    expect(masked).toMatch(/\nend$/);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('masks passwords in URLs, wherever they stand', () => {
    const text = 'a redis://:p1@h, (http://u:p2@h/x) x@y ftp://u@h amqp://u:p3:4@h\nhttp://h:80/a@b mail a@b.c';
    expect(maskText(text)).toBe(
      'a redis://:********@h, (http://u:********@h/x) x@y ftp://u@h amqp://u:********@h\nhttp://h:********@b mail a@b.c',
    );
  });
});
