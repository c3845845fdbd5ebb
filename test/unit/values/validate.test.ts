import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSchema } from '../../../src/values/compile.js';
import { mergeValues } from '../../../src/values/merge.js';
import { readUserValues } from '../../../src/values/read.js';
import type { ValueFlags } from '../../../src/values/read.js';
import type { Schema } from '../../../src/values/schema.js';
import { checkValues } from '../../../src/values/validate.js';
import type { Finding, ValuesSpec } from '../../../src/values/validate.js';
import { parseValuesYaml } from '../../../src/values/yaml.js';

const manifest = (name: string): string => readFileSync(new URL(`../../../manifests/${name}`, import.meta.url), 'utf8');
const schema = JSON.parse(manifest('values.schema.json')) as Schema;
const defaults = parseValuesYaml(manifest('values.yaml'), 'values.yaml').values;

let spec: ValuesSpec;
beforeAll(async () => {
  spec = { defaults, schema, validate: await compileSchema(schema) };
});

interface Given extends Partial<ValueFlags> {
  stdin?: string;
  skipSchemaValidation?: boolean;
}

async function check(given: Given, against = spec): Promise<{ findings: Finding[]; warnings: string[] }> {
  const { stdin, skipSchemaValidation = false, ...flags } = given;
  const files = stdin === undefined ? [] : ['-'];
  const none = { files, setJson: [], set: [], setString: [], setFile: [], setLiteral: [] };
  const user = await readUserValues({ ...none, ...flags }, { readStdin: () => Promise.resolve(stdin ?? '') });
  return checkValues(mergeValues(against.defaults, user.values), against, user, { skipSchemaValidation });
}
const findings = async (given: Given, against = spec): Promise<string[]> =>
  (await check(given, against)).findings.map(({ place, message }) => `${place}: ${message}`);

const router = (text: string): string => `networking: {kthenaRouter: {${text}}}`;
const manager = (text: string): string => `workload: {controllerManager: {${text}}}`;

describe('checkValues', () => {
  it('finds nothing wrong with the defaults', async () => {
    expect(await check({})).toEqual({ findings: [], warnings: [] });
  });

  it('finds everything in one go, file by file from the top, then flags', async () => {
    const stdin = [
      'networking:',
      '  kthenaRouter:',
      '    port: abc',
      '    prot: 1',
      '    image: {tag: 1.10}',
      'replica: 2',
      'global:',
      '  certManagementMode: autoo',
    ].join('\n');
    expect(await findings({ stdin, set: ['workload.controllerManager.debugPort=99999'] })).toEqual([
      'stdin:3:5: networking.kthenaRouter.port must be an integer from 1 to 65535, not "abc"',
      'stdin:4:5: unknown key networking.kthenaRouter.prot; did you mean networking.kthenaRouter.port?',
      'stdin:5:13: networking.kthenaRouter.image.tag must be an image tag such as v1.0.0, not 1.1 (put it in quotes, or use --set-string)',
      'stdin:6:1: unknown key replica; did you mean workload.controllerManager.replicas or networking.kthenaRouter.replicas?',
      'stdin:8:3: global.certManagementMode must be one of auto, cert-manager, manual, not "autoo"',
      '--set workload.controllerManager.debugPort: workload.controllerManager.debugPort must be an integer from 0 to 65535, not 99999',
    ]);
  });

  it('gives each finding its path', async () => {
    const { findings: found } = await check({ set: ['workload.controllerManager.image.args[1]=5'] });
    expect(found.map(({ path }) => path)).toContainEqual(['workload', 'controllerManager', 'image', 'args', 1]);
  });

  it.each([
    ['port: 0', 'port must be an integer from 1 to 65535, not 0'],
    ['port: 80.5', 'port must be an integer from 1 to 65535, not 80.5'],
    ['port: "80"', 'port must be an integer from 1 to 65535, not "80"'],
    ['debugPort: -1', 'debugPort must be an integer from 0 to 65535, not -1'],
    ['replicas: -1', 'replicas must be an integer of at least 0, not -1'],
    ['replicas: [1]', 'replicas must be an integer of at least 0, not a list'],
    ['replicas: 99999999999999999999', 'replicas must be an integer of at least 0, not "99999999999999999999"'],
    ['enabled: "yes"', 'enabled must be true or false, not "yes"'],
    ['tls: 5', 'tls must be a map, not 5'],
    ['tls: [a]', 'tls must be a map, not a list'],
    [
      'tls: {secretName: Not_A_Name}',
      'tls.secretName must be a Kubernetes name (lower-case letters, digits, - and .), not "Not_A_Name"',
    ],
    ['tls: {secretName: ""}', 'tls.secretName must be a Kubernetes name (lower-case letters, digits, - and .), not ""'],
    ['tls: {dnsName: "http://x"}', 'tls.dnsName must be a DNS name such as models.example.com, not "http://x"'],
    [
      'image: {repository: "Foo/Bar"}',
      'image.repository must be an image without its tag, such as ghcr.io/volcano-sh/kthena-router, not "Foo/Bar"',
    ],
    [
      'image: {repository: "a:b"}',
      'image.repository must be an image without its tag, such as ghcr.io/volcano-sh/kthena-router, not "a:b"',
    ],
    ['image: {pullPolicy: always}', 'image.pullPolicy must be one of Always, IfNotPresent, Never, not "always"'],
    ['fairness: {windowSize: 2h}', 'fairness.windowSize must be a duration from 1m to 1h such as 30m, not "2h"'],
    [
      'fairness: {windowSize: 60}',
      'fairness.windowSize must be a duration from 1m to 1h such as 30m, not 60 (put it in quotes, or use --set-string)',
    ],
    ['fairness: {inputTokenWeight: -0.5}', 'fairness.inputTokenWeight must be a number of at least 0, not -0.5'],
    ['fairness: {maxConcurrent: -1}', 'fairness.maxConcurrent must be an integer of at least 0, not -1'],
    ['sessionBoost: {maxSessions: 0}', 'sessionBoost.maxSessions must be an integer of at least 1, not 0'],
    [
      'sessionBoost: {timeout: 30}',
      'sessionBoost.timeout must be a duration such as 30s, 5m or 1h30m, not 30 (put it in quotes, or use --set-string)',
    ],
    ['sessionBoost: {header: "X Session"}', 'sessionBoost.header must be the name of an HTTP header, not "X Session"'],
    ['drainTimeout: -5m', 'drainTimeout must be a duration such as 30s, 5m or 1h30m, not "-5m"'],
    ['accessLog: {format: xml}', 'accessLog.format must be one of text, json, not "xml"'],
    ['accessLog: {output: logs/a}', 'accessLog.output must be stdout, stderr or an absolute path, not "logs/a"'],
    [
      'webhook: {tls: {certFile: tls.crt}}',
      'webhook.tls.certFile must be an absolute path such as /etc/tls/tls.crt, not "tls.crt"',
    ],
    [
      'webhook: {tls: {serviceName: 1-x}}',
      'webhook.tls.serviceName must be a Service name (lower-case letters, digits and -, a letter first, 63 at most), not "1-x"',
    ],
    ['service: {type: External}', 'service.type must be one of ClusterIP, NodePort, LoadBalancer, not "External"'],
    [
      'resource: {limits: {cpu: 1x}}',
      'resource.limits.cpu must be a quantity such as 500m or 1Gi, or a number of at least 0, not "1x"',
    ],
    [
      'resource: {limits: {cpu: -1}}',
      'resource.limits.cpu must be a quantity such as 500m or 1Gi, or a number of at least 0, not -1',
    ],
    [
      'podDisruptionBudget: {minAvailable: 5x}',
      'podDisruptionBudget.minAvailable must be an integer of at least 0, or a percentage such as 50%, not "5x"',
    ],
    [
      'nodeSelector: {a: true}',
      'nodeSelector.a must be a label value (letters, digits, -, _ and ., 63 at most), not true (put it in quotes, or use --set-string)',
    ],
    [
      'tolerations: [{effect: Never}]',
      'tolerations[0].effect must be one of NoSchedule, PreferNoSchedule, NoExecute, not "Never"',
    ],
    ['imagePullSecrets: [name]', 'imagePullSecrets[0] must be a map, not "name"'],
    [
      'extraEnv: [{name: A, value: 1}]',
      'extraEnv[0].value must be a text, not 1 (put it in quotes, or use --set-string)',
    ],
    ['extraEnv: [{value: x}]', 'extraEnv[0].name must have a value: it cannot be left out or removed with null'],
    ['image: {tag: null}', 'image.tag must have a value: it cannot be left out or removed with null'],
    ['webhook: null', 'webhook must have a value: it cannot be left out or removed with null'],
  ])('router: %s', async (text, message) => {
    const found = await findings({ stdin: router(text) });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^stdin:1:\d+: /);
    expect(found[0]?.replace(/^stdin:1:\d+: networking\.kthenaRouter\./, '')).toBe(message);
  });

  it.each([
    'port: 1',
    'debugPort: 0',
    'replicas: null',
    'resource: null',
    'resource: {limits: {cpu: 1, memory: 1.5Gi, nvidia.com/gpu: 1}, requests: {cpu: null}}',
    'image: {tag: "v1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}',
    'image: {repository: "localhost:5000/a/b_c", pullPolicy: null}',
    'fairness: {windowSize: 1m, outputTokenWeight: 0.5, maxConcurrent: null}',
    'fairness: {windowSize: 0.5h}',
    'sessionBoost: {gracePeriod: 50ms, timeout: "0"}',
    'tls: {dnsName: "*.example.com"}',
    'tls: {dnsName: null}',
    'accessLog: {output: /var/log/access}',
    'service: {type: NodePort, annotations: {a.b/c: "1"}, loadBalancerClass: example.com/lb}',
    'podDisruptionBudget: {enabled: true, maxUnavailable: 50%}',
    'podDisruptionBudget: {enabled: true, minAvailable: 1}',
    'nodeSelector: {kubernetes.io/os: linux, empty: ""}',
    'tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 5}, {operator: Exists}]',
    'affinity: {nodeAffinity: {anything: [{goes: 1}]}}',
    'podLabels: {example.com/team: a}',
    'extraEnv: [{name: A, value: ""}, {name: B, valueFrom: {fieldRef: {fieldPath: x}}}]',
    'securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL]}}',
    'imagePullSecrets: [{name: a.b-c}]',
  ])('takes router: %s', async (text) => {
    expect(await findings({ stdin: router(text) })).toEqual([]);
  });

  it.each([
    'controllers: "modelserving,autoscaler"',
    'controllers: [modelserving]',
    'controllers: []',
    'image: {args: null}',
    'downloader: null',
  ])('takes controller manager: %s', async (text) => {
    expect(await findings({ stdin: manager(text) })).toEqual([]);
  });

  it('says one sentence of a value that may be one of two things', async () => {
    const path = 'workload.controllerManager.controllers';
    const text = 'modelserving, modelbooster, autoscaler or several of them with commas between';
    expect(await findings({ stdin: manager('controllers: foo') })).toEqual([
      `stdin:1:32: ${path} must be ${text}, not "foo"`,
    ]);
    expect(await findings({ stdin: manager('controllers: 5') })).toEqual([
      `stdin:1:32: ${path} must be ${text}, or a list of modelserving, modelbooster, autoscaler, not 5`,
    ]);
    expect(await findings({ stdin: manager('controllers: [modelserving, foo]') })).toEqual([
      `stdin:1:60: ${path}[1] must be one of modelserving, modelbooster, autoscaler, not "foo"`,
    ]);
  });

  it('checks the keys of maps with free keys', async () => {
    const found = await findings({ stdin: router('podLabels: {app.kubernetes.io/name: x, "bad key": y}') });
    const expected = 'must be a label name such as example.com/team, other than those that Kthena sets itself';
    expect(found).toEqual([
      `stdin:1:41: networking.kthenaRouter.podLabels: the key "app.kubernetes.io/name" ${expected}`,
      `stdin:1:68: networking.kthenaRouter.podLabels: the key "bad key" ${expected}`,
    ]);
  });

  it('knows the slip of an unescaped dot on the command line', async () => {
    const [found] = await findings({ set: ['networking.kthenaRouter.podAnnotations.prometheus.io/scrape=x'] });
    expect(found).toMatch(
      /podAnnotations\.prometheus must be a text, not a map \(on the command line a dot inside a key is written \\\.\)$/,
    );
  });

  it('refuses a caBundle that is not base64, and leaves what is in it to the install', async () => {
    expect(await findings({ set: ['global.webhook.caBundle=???'] })).toEqual([
      '--set global.webhook.caBundle: global.webhook.caBundle must be base64 text, not "???"',
    ]);
    expect(await findings({ set: ['global.webhook.caBundle=Q0EtQlVORExF'] })).toEqual([]);
    expect(await findings({ stdin: 'global: {webhook: {caBundle: "Q0Et\\nQlVORExF\\n"}}' })).toEqual([]);
  });

  it('cuts a long text short', async () => {
    const [found] = await findings({ setString: [`networking.kthenaRouter.accessLog.format=${'x'.repeat(5000)}`] });
    expect(found?.length).toBeLessThan(300);
  });
});

describe('values the published release was rendered with', () => {
  const cases = new URL('../../../../shared/facts/objects/', import.meta.url);
  const names = existsSync(cases) ? readdirSync(cases) : [];

  it.skipIf(names.length === 0)('are valid', async () => {
    for (const name of names) {
      const stdin = readFileSync(new URL(`${name}/values.yaml`, cases), 'utf8');
      expect(await check({ stdin }), name).toEqual({ findings: [], warnings: [] });
    }
  });
});

describe('credentials', () => {
  it.each([
    [
      'downloader: {accessKey: 123456}',
      'downloader.accessKey must be a text, not a number (not shown) (put it in quotes, or use --set-string)',
    ],
    ['downloader: 123456', 'downloader must be a map, not a number (not shown)'],
    ['downloader: "123456"', 'downloader must be a map, not a text (not shown)'],
    [
      'downloader: {secretkey: "123456"}',
      'unknown key workload.controllerManager.downloader.secretkey; did you mean workload.controllerManager.downloader.secretKey?',
    ],
  ])('are not shown: %s', async (text, message) => {
    const found = await findings({ stdin: manager(text) });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]).not.toContain('123456');
  });
});

describe('an unknown key', () => {
  it.each([
    ['kthenaRouter.port=9', 'kthenaRouter.port; did you mean networking.kthenaRouter.port?'],
    ['networking.tls.enabled=true', 'networking.tls.enabled; did you mean networking.kthenaRouter.tls.enabled?'],
    ['Workload.enabled=true', 'Workload.enabled; did you mean workload.enabled?'],
    ['wrokload.enabled=true', 'wrokload.enabled; did you mean workload.enabled?'],
    [
      'networking.kthenaRouter.enabeld=true',
      'networking.kthenaRouter.enabeld; did you mean networking.kthenaRouter.enabled?',
    ],
    [
      'networking.kthenaRouter.kubeApiQps=1',
      'networking.kthenaRouter.kubeApiQps; did you mean networking.kthenaRouter.kubeAPIQPS?',
    ],
    [
      'networking.kthenaRouter.resources.limits.cpu=1',
      'networking.kthenaRouter.resources.limits.cpu; did you mean networking.kthenaRouter.resource.limits.cpu?',
    ],
    [
      'image.tag=v1',
      'image.tag; did you mean workload.controllerManager.image.tag or networking.kthenaRouter.image.tag?',
    ],
    ['certManagementMode=auto', 'certManagementMode; did you mean global.certManagementMode?'],
    ['caBundel=x', 'caBundel; did you mean global.webhook.caBundle?'],
    ['something=1', 'something; the keys at the top are global, workload, networking'],
    [
      'networking.kthenaRouter.fairness.algorithm=x',
      'networking.kthenaRouter.fairness.algorithm; the keys of networking.kthenaRouter.fairness are enabled, windowSize, inputTokenWeight, outputTokenWeight, maxConcurrent',
    ],
    ['__proto__.x=1', '__proto__.x; the keys at the top are global, workload, networking'],
    ['networking.constructor=1', 'networking.constructor; the keys of networking are enabled, kthenaRouter'],
  ])('%s', async (text, message) => {
    const key = message.slice(0, message.indexOf(';'));
    expect(await findings({ set: [text] })).toEqual([`--set ${key}: unknown key ${message}`]);
  });

  it('is found inside lists', async () => {
    expect(await findings({ stdin: router('tolerations: [{efect: NoSchedule}]') })).toEqual([
      'stdin:1:44: unknown key networking.kthenaRouter.tolerations[0].efect; did you mean networking.kthenaRouter.tolerations[0].effect?',
    ]);
  });

  it('is found where null removes it', async () => {
    expect(await findings({ stdin: 'workload:\n  enabeld: null\n' })).toEqual([
      'stdin:2:3: unknown key workload.enabeld; did you mean workload.enabled?',
    ]);
  });

  it('passes with a warning where schema validation is skipped, and nothing else does', async () => {
    const stdin = 'networking:\n  own: {a: 1, b: 2}\n  kthenaRouter:\n    port: abc\n';
    const { findings: found, warnings } = await check({ stdin, skipSchemaValidation: true });
    expect(warnings).toEqual([
      'stdin:2:3: unknown key networking.own; the keys of networking are enabled, kthenaRouter',
    ]);
    expect(found.map(({ message }) => message)).toEqual([
      'networking.kthenaRouter.port must be an integer from 1 to 65535, not "abc"',
    ]);
  });
});

describe('a schema from elsewhere', () => {
  const own = async (schema: Schema): Promise<ValuesSpec> => ({
    defaults: {},
    schema,
    validate: await compileSchema(schema),
  });

  it('may use keywords that have no words of their own here', async () => {
    const spec = await own({
      type: 'object',
      properties: {
        list: { type: 'array', items: { type: 'integer', multipleOf: 2 }, maxItems: 1 },
        one: { const: 'x' },
      },
    });
    expect(await findings({ stdin: 'list: [2, 3]\none: z\n' }, spec)).toEqual([
      'stdin:1:1: list must NOT have more than 1 items',
      'stdin:1:11: list[1] must be multiple of 2',
      'stdin:2:1: one must be x, not "z"',
    ]);
  });

  it('may have defaults that are wrong, which have no place', async () => {
    const spec = { ...(await own({ type: 'object', properties: { a: { type: 'string' } } })), defaults: { a: 1 } };
    expect((await check({}, spec)).findings).toEqual([
      { path: ['a'], place: undefined, message: expect.stringContaining('a must be a text, not 1') as string },
    ]);
  });
});
