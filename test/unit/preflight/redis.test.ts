import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/kube/object.js';
import { hostProblem, isSameServer, portProblem, serviceOfHost } from '../../../src/preflight/redis/address.js';
import { hostService, settingsFindings } from '../../../src/preflight/redis/findings.js';
import { copyCommand, misspelt } from '../../../src/preflight/redis/keys.js';
import { passwordFindings, rateLimitFindings } from '../../../src/preflight/redis/secret-findings.js';
import { redisSource, usesPlugin } from '../../../src/preflight/redis/source.js';
import type { RedisState } from '../../../src/preflight/redis/state.js';
import { goldenObjects } from '../../e2e/install/golden.js';

const NAMESPACE = 'kthena-system';
const PASSWORD = 'MARKED-PASSWORD';
const objects = goldenObjects('default');
const source = redisSource(objects)!;

function object(kind: string, name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: NAMESPACE }, data };
}
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = (data: Record<string, string>): KubeObject =>
  object('Secret', 'redis-secret', Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)])));
function state(data: Record<string, string> | undefined, parts: Partial<RedisState> = {}): RedisState {
  const configMap = data === undefined ? undefined : object('ConfigMap', 'redis-config', data);
  return { source, namespace: NAMESPACE, needed: false, configMap, linked: undefined, ...parts };
}
const linked: KubeObject = { ...object('Service', 'redis', {}), spec: { clusterIP: '10.96.0.7' } };

describe('where the router reads its settings', () => {
  it('is what its Deployment says', () => {
    expect(source).toMatchObject({
      deployment: { name: 'kthena-router' },
      host: { kind: 'ConfigMap', name: 'redis-config', key: 'REDIS_HOST' },
      port: { kind: 'ConfigMap', name: 'redis-config', key: 'REDIS_PORT' },
      password: { kind: 'Secret', name: 'redis-secret', key: 'password' },
      serviceLinks: true,
    });
    expect(redisSource(goldenObjects('workload-only'))).toBeUndefined();
  });

  it.each([
    ['Score: {enabled: [{name: kvcache-aware, weight: 1}]}', true],
    ['Score: {enabled: [{name: least-request}], disabled: [{name: kvcache-aware}]}', false],
    ['Score: ', false],
    ['Filter: {enabled: [kvcache-aware]}', false],
    ['Score: [', false],
  ])('and whether it needs them, its plugins: %s', (plugins, needed) => {
    const routerConfiguration = `scheduler:\n  plugins:\n    ${plugins}\n`;
    expect(usesPlugin([object('ConfigMap', 'kthena-router-config', { routerConfiguration })])).toBe(needed);
  });

  it('by default it needs none', () => expect(usesPlugin(objects)).toBe(false));
});

describe('a host', () => {
  it.each(['redis-server', 'redis.example.com', 'Redis.example.com.', '10.0.0.7', '::1', '[fd00::1]'])(
    'may be %s',
    (host) => expect(hostProblem(host)).toBeUndefined(),
  );

  it.each([
    ['', 'is empty'],
    [' ', 'is empty'],
    ['redis://redis:6379', 'is a URL'],
    ['redis\n', 'line break'],
    ['redis:6379', 'has a port'],
    ['redis_server', 'no host name'],
    ['-redis', 'no host name'],
  ])('may not be %j', (host, words) => expect(hostProblem(host)).toContain(words));

  it.each([
    ['redis', { namespace: 'a', name: 'redis' }],
    ['redis.b.svc', { namespace: 'b', name: 'redis' }],
    ['redis.b.svc.cluster.local.', { namespace: 'b', name: 'redis' }],
    ['redis.example.com', undefined],
    ['redis.b', undefined],
    ['localhost', undefined],
    ['10.0.0.7', undefined],
  ])('%s stands for a Service', (host, service) => expect(serviceOfHost(host, 'a')).toEqual(service));

  it.each([
    ['redis:6379', 'redis.a.svc', '6379', true],
    ['redis.a.svc.cluster.local', 'redis', '6379', true],
    ['redis:6380', 'redis', '6379', false],
    ['redis.b:6379', 'redis', '6379', false],
    ['redis.example.com:6379', 'redis.example.com', '6379', true],
    ['10.0.0.7:6379', '10.0.0.8', '6379', false],
  ])('%s and %s:%s are one server: %s', (address, host, port, same) =>
    expect(isSameServer(address, host, port, 'a')).toBe(same),
  );
});

describe('a port', () => {
  it.each(['1', '6379', '65535'])('may be %s', (port) => expect(portProblem(port)).toBeUndefined());
  it.each(['', '0', '65536', '6379\n', ' 6379', '6379.0', 'redis', 'tcp://10.96.0.7:6379'])('may not be %j', (port) =>
    expect(portProblem(port)).toContain('65535'),
  );
});

describe('a key', () => {
  it.each([
    ['password', 'REDIS_PASSWORD'],
    ['password', 'redis-password'],
    ['password', 'Password'],
    ['REDIS_HOST', 'redis_host'],
    ['REDIS_HOST', 'host'],
    ['REDIS_PORT', 'port'],
  ])('%s may have been meant by %s', (key, other) => expect(misspelt(key, ['tls.crt', other])).toBe(other));

  it('of another meaning is not taken for it', () =>
    expect(misspelt('password', ['username', 'token'])).toBeUndefined());

  it('is copied by a command that shows no value', () => {
    expect(copyCommand(source.password!, 'REDIS_PASSWORD', NAMESPACE)).toBe(
      `kubectl get secret redis-secret -n kthena-system -o go-template='{"data":{"password":"{{index .data "REDIS_PASSWORD"}}"}}' | kubectl patch secret redis-secret -n kthena-system --patch-file=/dev/stdin`,
    );
  });
});

describe('the ConfigMap', () => {
  const good = { REDIS_HOST: 'redis-server', REDIS_PORT: '6379' };

  it('is silent where all is well, or nothing needs it', () => {
    expect(settingsFindings(state(good, { needed: true, linked }))).toEqual([]);
    expect(settingsFindings(state({ REDIS_HOST: 'redis-server' }))).toEqual([]);
    expect(settingsFindings(state(undefined))).toEqual([]);
    expect(settingsFindings(state({ other: 'x' }))).toEqual([]);
  });

  it('may be missing still where a plugin needs it', () => {
    expect(settingsFindings(state(undefined, { needed: true }))).toMatchObject([
      { severity: 'warning', object: { kind: 'ConfigMap', name: 'redis-config', namespace: NAMESPACE } },
    ]);
  });

  it.each([
    [false, 'warning'],
    [true, 'error'],
  ])('with values that will not do, needed %s, is of severity %s', (needed, severity) => {
    const data = { REDIS_HOST: 'redis://x', REDIS_PORT: 'tcp://x' };
    expect(settingsFindings(state(data, { needed })).map((finding) => finding.severity)).toEqual([severity, severity]);
    expect(settingsFindings(state({ redis_host: 'x' }, { needed }))).toMatchObject([{ severity }]);
  });

  it('without a port leaves it to a Service named redis', () => {
    const [finding] = settingsFindings(state({ REDIS_HOST: 'redis' }, { linked }));
    expect(finding).toMatchObject({
      object: { kind: 'Service', name: 'redis' },
      seen: expect.stringContaining('tcp://'),
    });
    const without = { source: { ...source, serviceLinks: false }, linked };
    expect(settingsFindings(state({ REDIS_HOST: 'redis' }, without))).toEqual([]);
    const headless = { linked: { ...linked, spec: { clusterIP: 'None' } } };
    expect(settingsFindings(state({ REDIS_HOST: 'redis' }, headless))).toEqual([]);
  });

  it('may have the port under another key', () => {
    expect(settingsFindings(state({ REDIS_HOST: 'redis', port: '6380' }))).toMatchObject([
      { severity: 'warning', seen: expect.stringContaining('takes port 6379') },
    ]);
  });

  it('may name a Service', () => {
    expect(hostService(state(good))).toMatchObject({ kind: 'Service', namespace: NAMESPACE, name: 'redis-server' });
    expect(hostService(state({ REDIS_HOST: 'redis://x' }))).toBeUndefined();
  });
});

describe('the Secret', () => {
  const findings = (data: Record<string, string>, needed = false) =>
    passwordFindings(state({ REDIS_HOST: 'redis' }, { needed }), secret(data));

  it.each([{ password: PASSWORD }, { password: '' }, { password: PASSWORD, REDIS_PASSWORD: PASSWORD }])(
    'with the right key is silent',
    (data) => expect(findings(data)).toEqual([]),
  );

  it('is not needed', () => expect(passwordFindings(state({}), undefined)).toEqual([]));

  it.each([
    [{ REDIS_PASSWORD: PASSWORD }, 'it has the key REDIS_PASSWORD, but the router reads password'],
    [{ token: PASSWORD }, 'it has no key password'],
    [{ password: `${PASSWORD}\n` }, 'password ends in a line break'],
  ])('with %o is found, and never shown', (data, seen) => {
    const found = findings(data as Record<string, string>);
    expect(found).toMatchObject([{ severity: 'warning', seen: expect.stringContaining(seen) }]);
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
    expect(JSON.stringify(found)).not.toContain(base64(PASSWORD));
  });

  it('with the wrong key is an error where a plugin needs Redis', () => {
    expect(findings({ REDIS_PASSWORD: PASSWORD }, true)).toMatchObject([{ severity: 'error' }]);
  });
});

describe('a rate limit over all routers', () => {
  const route = (address: string): KubeObject => ({
    apiVersion: 'networking.serving.volcano.sh/v1alpha1',
    kind: 'ModelRoute',
    metadata: { name: 'limited', namespace: 'models' },
    spec: { rateLimit: { unit: 'second', global: { redis: { address } } } },
  });
  const findings = (address: string, password: string) =>
    rateLimitFindings(state({ REDIS_HOST: 'redis-server' }), secret({ password }), [route(address)]);

  it('cannot use a Redis with a password', () => {
    const found = findings('redis-server.kthena-system.svc:6379', PASSWORD);
    expect(found).toMatchObject([{ severity: 'warning', object: { kind: 'ModelRoute', name: 'limited' } }]);
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });

  it('can use another, or one without a password', () => {
    expect(findings('limits.kthena-system.svc:6379', PASSWORD)).toEqual([]);
    expect(findings('redis-server.kthena-system.svc:6379', '')).toEqual([]);
  });
});
