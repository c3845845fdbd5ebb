import type { KubeObject } from '../../../src/kube/object.js';
import {
  BUDGET,
  CERTIFICATE,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CONFIG_MAP,
  DEFINITION,
  DEPLOYMENT,
  ISSUER,
  NAMESPACE,
  SECRET,
  SERVICE,
  WEBHOOKS,
  type Loose,
} from './sound-objects.js';

export interface Broken {
  what: string;
  object: KubeObject;
  /** Every finding, as `path: message`. */
  findings: string[];
  /** Whether an API server refuses a server-side apply of it; a lint may know better, as of a probe's port that does not exist. */
  server: 'refuses' | 'accepts' | 'has no such kind';
}

const CONTAINER = 'spec.template.spec.containers[0]';

function broken(
  what: string,
  sound: KubeObject,
  change: (object: Loose) => void,
  findings: string[],
  server: Broken['server'] = 'refuses',
): Broken {
  const object = structuredClone(sound);
  change(object);
  return { what, object, findings, server };
}

const container = (change: (container: Loose) => void) => (object: Loose) =>
  change(object.spec.template.spec.containers[0]);

const FIELDS: Broken[] = [
  broken('unknown field', DEPLOYMENT, (o) => (o.spec.replica = 2), [
    'spec.replica: unknown field, did you mean replicas?',
  ]),
  broken('unknown field like no other', SERVICE, (o) => (o.spec.zzzzzz = 2), ['spec.zzzzzz: unknown field']),
  broken(
    'unknown field in a list',
    DEPLOYMENT,
    container((c) => (c.ports[0].containerport = 1)),
    [`${CONTAINER}.ports[0].containerport: unknown field, did you mean containerPort?`],
  ),
  broken('unknown field of metadata', CONFIG_MAP, (o) => (o.metadata.label = {}), [
    'metadata.label: unknown field, did you mean labels?',
  ]),
  broken('unknown field with a name of Object.prototype', CONFIG_MAP, (o) => (o.constructor = {}), [
    'constructor: unknown field',
  ]),
  broken(
    'unknown field deep in the schema of a CRD',
    DEFINITION,
    (o) => (o.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.sites.items.tpye = 'string'),
    [
      'spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[sites].items.tpye: unknown field, did you mean type?',
    ],
    'accepts',
  ),
  broken('list for a map', DEPLOYMENT, (o) => (o.spec.template.metadata.labels = ['app']), [
    'spec.template.metadata.labels: expected map, got list',
    'spec.selector.matchLabels[app]: "web" does not match the pod template, which has no such label',
  ]),
  broken(
    'map for a list',
    DEPLOYMENT,
    container((c) => (c.args = {})),
    [`${CONTAINER}.args: expected list, got map`],
  ),
  broken('string for an integer', DEPLOYMENT, (o) => (o.spec.replicas = '2'), [
    'spec.replicas: expected integer, got string',
  ]),
  broken('fraction for an integer', DEPLOYMENT, (o) => (o.spec.replicas = 1.5), [
    'spec.replicas: expected integer, got number',
  ]),
  broken(
    'integer for a string',
    DEPLOYMENT,
    container((c) => (c.env[0].value = 30)),
    [`${CONTAINER}.env[0].value: expected string, got integer`],
  ),
  broken('boolean for a string in a map', CONFIG_MAP, (o) => (o.data.on = true), [
    'data[on]: expected string, got boolean',
  ]),
  broken(
    'string for a boolean',
    DEPLOYMENT,
    container((c) => (c.volumeMounts[1].readOnly = 'true')),
    [`${CONTAINER}.volumeMounts[1].readOnly: expected boolean, got string`],
  ),
  broken('boolean for an int-or-string', SERVICE, (o) => (o.spec.ports[0].targetPort = true), [
    'spec.ports[0].targetPort: expected integer or string, got boolean',
  ]),
  broken(
    'string for a schema or boolean',
    DEFINITION,
    (o) => (o.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.extra.additionalProperties = 'no'),
    [
      'spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[extra].additionalProperties: expected boolean or map, got string',
    ],
  ),
  broken('missing field', DEPLOYMENT, (o) => delete o.spec.selector, ['spec.selector: required field is missing']),
  broken('null for a required field', SERVICE, (o) => (o.spec.ports[1].port = null), [
    'spec.ports[1].port: required field is missing',
  ]),
  broken(
    'missing key of a list map',
    DEPLOYMENT,
    container((c) => c.env.push({ value: 'a' }, { value: 'b' })),
    [`${CONTAINER}.env[4].name: required field is missing`, `${CONTAINER}.env[5].name: required field is missing`],
  ),
  broken(
    'container without an image',
    DEPLOYMENT,
    container((c) => (c.image = '')),
    [`${CONTAINER}.image: must not be empty`],
  ),
];

const EMPTY: Broken[] = [
  broken('Deployment without a spec', DEPLOYMENT, (o) => delete o.spec, ['spec: required field is missing']),
  broken('pods without containers', DEPLOYMENT, (o) => (o.spec.template.spec.containers = []), [
    'spec.template.spec.containers: must not be empty',
  ]),
  broken('Service without ports', SERVICE, (o) => delete o.spec.ports, ['spec.ports: must not be empty']),
  broken('rule without groups', CLUSTER_ROLE, (o) => (o.rules[0].apiGroups = []), [
    'rules[0].apiGroups: must not be empty in a rule without nonResourceURLs',
  ]),
  broken('rule without verbs', CLUSTER_ROLE, (o) => (o.rules[0].verbs = []), ['rules[0].verbs: must not be empty']),
  broken('webhook for no resources', WEBHOOKS, (o) => delete o.webhooks[0].rules[0].resources, [
    'webhooks[0].rules[0].resources: required field is missing',
  ]),
  broken(
    'probe of no port',
    DEPLOYMENT,
    container((c) => (c.livenessProbe.httpGet.port = '')),
    [`${CONTAINER}.livenessProbe.httpGet.port: must not be empty`],
  ),
  broken('volume of no Secret', DEPLOYMENT, (o) => (o.spec.template.spec.volumes[1].secret.secretName = ''), [
    'spec.template.spec.volumes[1].secret.secretName: must not be empty',
  ]),
  broken(
    'variable of no ConfigMap',
    DEPLOYMENT,
    container((c) => (c.env[1].valueFrom = { configMapKeyRef: { key: 'a' } })),
    [`${CONTAINER}.env[1].valueFrom.configMapKeyRef.name: required field is missing`],
  ),
  broken(
    'limit of null',
    DEPLOYMENT,
    container((c) => (c.resources.limits.cpu = null)),
    [`${CONTAINER}.resources.requests[cpu]: 500m is more than the limit of null`],
  ),
];

const VALUES: Broken[] = [
  broken(
    'value outside an enum',
    DEPLOYMENT,
    container((c) => (c.imagePullPolicy = 'always')),
    [`${CONTAINER}.imagePullPolicy: "always" is not one of Always, IfNotPresent, Never`],
  ),
  broken('value outside an enum of items', WEBHOOKS, (o) => o.webhooks[0].rules[0].operations.push('PATCH'), [
    'webhooks[0].rules[0].operations[1]: "PATCH" is not one of *, CONNECT, CREATE, DELETE, UPDATE',
  ]),
  broken('side effects no v1 webhook may have', WEBHOOKS, (o) => (o.webhooks[0].sideEffects = 'Some'), [
    'webhooks[0].sideEffects: "Some" is not one of None, NoneOnDryRun',
  ]),
  broken('empty string where one of an enum is required', WEBHOOKS, (o) => (o.webhooks[0].sideEffects = ''), [
    'webhooks[0].sideEffects: must not be empty',
  ]),
  broken('pods that may end', DEPLOYMENT, (o) => (o.spec.template.spec.restartPolicy = 'Never'), [
    'spec.template.spec.restartPolicy: "Never" is not one of Always',
  ]),
  broken(
    'port 0',
    DEPLOYMENT,
    container((c) => (c.ports[0].containerPort = 0)),
    [`${CONTAINER}.ports[0].containerPort: 0 is not between 1 and 65535`],
  ),
  broken('port above 65535', SERVICE, (o) => (o.spec.ports[1].port = 65536), [
    'spec.ports[1].port: 65536 is not between 1 and 65535',
  ]),
  broken(
    'int-or-string port above 65535',
    DEPLOYMENT,
    container((c) => (c.readinessProbe.tcpSocket.port = 70000)),
    [`${CONTAINER}.readinessProbe.tcpSocket.port: 70000 is not between 1 and 65535`],
  ),
  broken('timeout of a webhook above 30 s', WEBHOOKS, (o) => (o.webhooks[0].timeoutSeconds = 31), [
    'webhooks[0].timeoutSeconds: 31 is not between 1 and 30',
  ]),
  broken('negative replicas', DEPLOYMENT, (o) => (o.spec.replicas = -1), ['spec.replicas: -1 is less than 0']),
  broken('integer beyond 32 bits', DEPLOYMENT, (o) => (o.spec.replicas = 2 ** 31), [
    'spec.replicas: 2147483648 is not between 0 and 2147483647',
  ]),
  broken('string that is no percentage', BUDGET, (o) => (o.spec.minAvailable = '1'), [
    'spec.minAvailable: "1" is neither an integer nor a percentage such as 25%',
  ]),
  broken(
    'malformed quantity',
    DEPLOYMENT,
    container((c) => (c.resources.limits.memory = '512mb')),
    [`${CONTAINER}.resources.limits[memory]: "512mb" is not a quantity such as 500m, 2 or 512Mi`],
  ),
  broken(
    'list for a quantity',
    DEPLOYMENT,
    container((c) => (c.resources.limits.memory = [])),
    [`${CONTAINER}.resources.limits[memory]: expected quantity, got list`],
  ),
  broken('secret data that is not base64', SECRET, (o) => (o.data['access.key'] = 'open sesame'), [
    'data[access.key]: is not base64',
  ]),
  broken(
    'enum of a custom resource',
    CERTIFICATE,
    (o) => (o.spec.privateKey.algorithm = 'rsa'),
    ['spec.privateKey.algorithm: "rsa" is not one of RSA, ECDSA, Ed25519'],
    'has no such kind',
  ),
  broken(
    'missing field of a custom resource',
    ISSUER,
    (o) => delete o.spec.ca.secretName,
    ['spec.ca.secretName: required field is missing'],
    'has no such kind',
  ),
];

const REPEATED: Broken[] = [
  broken(
    'variable twice',
    DEPLOYMENT,
    container((c) => c.env.push({ name: 'MODE', value: 'slow' })),
    [`${CONTAINER}.env[4]: name "MODE" must be unique, but item 0 has it too`],
  ),
  broken(
    'mount path twice',
    DEPLOYMENT,
    container((c) => (c.volumeMounts[1].mountPath = '/etc/config')),
    [`${CONTAINER}.volumeMounts[1]: mountPath "/etc/config" must be unique, but item 0 has it too`],
  ),
  broken(
    'port twice, its protocol once by default',
    DEPLOYMENT,
    container((c) => (c.ports[1].protocol = 'TCP')),
    [`${CONTAINER}.ports[1]: containerPort 8080, protocol "TCP" must be unique, but item 0 has it too`],
  ),
  broken('container twice', DEPLOYMENT, (o) => o.spec.template.spec.containers.push({ name: 'web', image: 'b' }), [
    'spec.template.spec.containers[1]: name "web" must be unique, but item 0 has it too',
  ]),
  broken('finalizer twice', CONFIG_MAP, (o) => (o.metadata.finalizers = ['a.example.com/x', 'a.example.com/x']), [
    'metadata.finalizers[1]: "a.example.com/x" must be unique, but item 0 has it too',
  ]),
  broken(
    'name of an init container again',
    DEPLOYMENT,
    container((c) => (c.name = 'setup')),
    [`${CONTAINER}.name: "setup" must be unique, but an init container has it too`],
  ),
  broken(
    'port name twice',
    DEPLOYMENT,
    container((c) => (c.ports[1].name = 'http')),
    [`${CONTAINER}.ports[1].name: "http" must be unique among the container's ports`],
  ),
  broken('port name of a Service twice', SERVICE, (o) => (o.spec.ports[1].name = 'http'), [
    `spec.ports[1].name: "http" must be unique among the Service's ports`,
  ]),
];

const LABEL_RULE = 'lower-case letters, digits and "-", a letter or digit at both ends';
const SUBDOMAIN_RULE = 'lower-case letters, digits, "-" and ".", a letter or digit around each "."';
const QUALIFIED_RULE = 'up to 63 letters, digits, "-", "_" and ".", a DNS subdomain and "/" before it or not';
const PORT_RULE = 'lower-case letters, digits and single "-", one letter at least, a letter or digit at both ends';

const NAMES: Broken[] = [
  broken('no name', CONFIG_MAP, (o) => delete o.metadata.name, ['metadata.name: required field is missing']),
  broken('name with capitals', DEPLOYMENT, (o) => (o.metadata.name = 'Web'), [
    `metadata.name: "Web" is not a DNS subdomain: ${SUBDOMAIN_RULE}`,
  ]),
  broken('name too long', CONFIG_MAP, (o) => (o.metadata.name = 'a'.repeat(254)), [
    'metadata.name: is not a DNS subdomain: 254 characters long, at most 253 are allowed',
  ]),
  broken('Service name that starts with a digit', SERVICE, (o) => (o.metadata.name = '1web'), [
    'metadata.name: "1web" is not a Service name: lower-case letters, digits and "-", a letter first, a letter or digit last',
  ]),
  broken('Service name with a dot', SERVICE, (o) => (o.metadata.name = 'web.one'), [
    'metadata.name: "web.one" is not a Service name: lower-case letters, digits and "-", a letter first, a letter or digit last',
  ]),
  broken('Namespace name with a dot', NAMESPACE, (o) => (o.metadata.name = 'a.b'), [
    `metadata.name: "a.b" is not a DNS label: ${LABEL_RULE}`,
  ]),
  broken('RBAC name with a percent sign', CLUSTER_ROLE, (o) => (o.metadata.name = 'a%b'), [
    'metadata.name: "a%b" is not a name of an RBAC object: neither "." nor "..", without "/" and "%"',
  ]),
  broken('CRD name that is not plural.group', DEFINITION, (o) => (o.metadata.name = 'web.example.com'), [
    'metadata.name: must be webs.example.com, made of spec.names.plural and spec.group',
  ]),
  broken('webhook name of two parts', WEBHOOKS, (o) => (o.webhooks[0].name = 'example.com'), [
    'webhooks[0].name: "example.com" is not a webhook name: a DNS subdomain of three parts or more, such as check.example.com',
  ]),
  broken('namespace with capitals', CONFIG_MAP, (o) => (o.metadata.namespace = 'Default'), [
    `metadata.namespace: "Default" is not a DNS label: ${LABEL_RULE}`,
  ]),
  broken(
    'namespace of a cluster-scoped object',
    CLUSTER_ROLE,
    (o) => (o.metadata.namespace = 'default'),
    ['metadata.namespace: ClusterRole is cluster-scoped and has no namespace'],
    'accepts',
  ),
  broken('label value with a space', CONFIG_MAP, (o) => (o.metadata.labels.app = 'my web'), [
    'metadata.labels[app]: "my web" is not a label value: letters, digits, "-", "_" and ".", a letter or digit at both ends, or empty',
  ]),
  broken('label value too long', CONFIG_MAP, (o) => (o.metadata.labels.app = 'a'.repeat(64)), [
    'metadata.labels[app]: is not a label value: 64 characters long, at most 63 are allowed',
  ]),
  broken('label key with two slashes', CONFIG_MAP, (o) => (o.metadata.labels['a/b/c'] = 'x'), [
    `metadata.labels[a/b/c]: "a/b/c" is not a qualified name: ${QUALIFIED_RULE}`,
  ]),
  broken('label key with capitals before the slash', CONFIG_MAP, (o) => (o.metadata.labels['Example.com/b'] = 'x'), [
    `metadata.labels[Example.com/b]: "Example.com/b" is not a qualified name: ${QUALIFIED_RULE}`,
  ]),
  broken(
    'annotation key with a space',
    CONFIG_MAP,
    (o) => (o.metadata.annotations = { 'a b': 'x', 'Example.com/b': 'fine' }),
    [`metadata.annotations[a b]: "a b" is not a qualified name: ${QUALIFIED_RULE}`],
  ),
  broken('annotations too large', CONFIG_MAP, (o) => (o.metadata.annotations = { a: 'x'.repeat(262144) }), [
    'metadata.annotations: 262145 bytes long, at most 262144 are allowed',
  ]),
  broken('label of the pods malformed', DEPLOYMENT, (o) => (o.spec.template.metadata.labels.tier = '-'), [
    'spec.template.metadata.labels[tier]: "-" is not a label value: letters, digits, "-", "_" and ".", a letter or digit at both ends, or empty',
  ]),
  broken('key of a ConfigMap with a slash', CONFIG_MAP, (o) => (o.data['a/b'] = ''), [
    'data[a/b]: "a/b" is not a key of data: letters, digits, "-", "_" and ".", not ".." at the start',
  ]),
  broken(
    'container name with an underscore',
    DEPLOYMENT,
    container((c) => (c.name = 'my_web')),
    [`${CONTAINER}.name: "my_web" is not a DNS label: ${LABEL_RULE}`],
  ),
  broken(
    'port name too long',
    DEPLOYMENT,
    container((c) => (c.ports[1].name = 'a-very-long-name')),
    [`${CONTAINER}.ports[1].name: is not a port name: 16 characters long, at most 15 are allowed`],
  ),
  broken(
    'port name without a letter',
    DEPLOYMENT,
    container((c) => (c.ports[1].name = '8080')),
    [`${CONTAINER}.ports[1].name: "8080" is not a port name: ${PORT_RULE}`],
  ),
  broken(
    'variable with an equals sign',
    DEPLOYMENT,
    container((c) => (c.env[0].name = 'A=B')),
    [`${CONTAINER}.env[0].name: "A=B" is not a name of a variable: printable ASCII characters but "="`],
  ),
  broken(
    'variable only newer clusters accept',
    DEPLOYMENT,
    container((c) => (c.env[0].name = '1 A')),
    [`${CONTAINER}.env[0].name: "1 A" is refused as a name of a variable by Kubernetes before 1.32`],
    'accepts',
  ),
  broken(
    'image without a tag after the colon',
    DEPLOYMENT,
    container((c) => (c.image = 'example.com/web:')),
    [
      `${CONTAINER}.image: "example.com/web:" is not an image reference: registry/repository:tag or registry/repository@digest, the repository in lower case`,
    ],
    'accepts',
  ),
];

const REFERENCES: Broken[] = [
  broken('selector that misses its pods', DEPLOYMENT, (o) => (o.spec.selector.matchLabels.app = 'api'), [
    'spec.selector.matchLabels[app]: "api" does not match the pod template, where it is "web"',
  ]),
  broken('selector of a label the pods lack', DEPLOYMENT, (o) => (o.spec.selector.matchLabels.zone = 'a'), [
    'spec.selector.matchLabels[zone]: "a" does not match the pod template, which has no such label',
  ]),
  broken(
    'expression that misses its pods',
    DEPLOYMENT,
    (o) => (o.spec.selector.matchExpressions = [{ key: 'tier', operator: 'In', values: ['back'] }]),
    ['spec.selector.matchExpressions[0]: tier In does not match the labels of the pod template'],
  ),
  broken('empty selector', DEPLOYMENT, (o) => (o.spec.selector = {}), ['spec.selector: must not be empty']),
  broken(
    'mount of no volume',
    DEPLOYMENT,
    container((c) => (c.volumeMounts[0].name = 'conf')),
    [`${CONTAINER}.volumeMounts[0].name: there is no volume "conf"`],
  ),
  broken(
    'volume without a source',
    DEPLOYMENT,
    (o) => (o.spec.template.spec.volumes[0].configMap = null),
    ['spec.template.spec.volumes[0]: has no source, so that it becomes an emptyDir'],
    'accepts',
  ),
  broken('volume with two sources', DEPLOYMENT, (o) => (o.spec.template.spec.volumes[0].emptyDir = {}), [
    'spec.template.spec.volumes[0]: has more than one source: configMap, emptyDir',
  ]),
  broken(
    'probe of a port that is not there',
    DEPLOYMENT,
    container((c) => (c.livenessProbe.httpGet.port = 'web')),
    [`${CONTAINER}.livenessProbe.httpGet.port: the container has no port "web": its ports are http, dns`],
    'accepts',
  ),
  broken(
    'probe of a quoted port number',
    DEPLOYMENT,
    container((c) => (c.livenessProbe.httpGet.port = '8080')),
    [`${CONTAINER}.livenessProbe.httpGet.port: "8080" is not a port name: ${PORT_RULE}`],
  ),
  broken(
    'probe that does nothing',
    DEPLOYMENT,
    container((c) => (c.readinessProbe = { periodSeconds: 5 })),
    [`${CONTAINER}.readinessProbe: needs exactly one of exec, grpc, httpGet, tcpSocket, has none`],
  ),
  broken(
    'variable with a value and a source',
    DEPLOYMENT,
    container((c) => (c.env[1].value = 'x')),
    [`${CONTAINER}.env[1]: has both value and valueFrom`],
  ),
  broken(
    'variable from nowhere',
    DEPLOYMENT,
    container((c) => (c.env[1].valueFrom = {})),
    [`${CONTAINER}.env[1].valueFrom: needs exactly one source, has none`],
  ),
  broken(
    'request above its limit',
    DEPLOYMENT,
    container((c) => (c.resources.requests.cpu = '1001m')),
    [`${CONTAINER}.resources.requests[cpu]: 1001m is more than the limit of 1`],
  ),
  broken(
    'negative amount',
    DEPLOYMENT,
    container((c) => (c.resources.requests.cpu = '-1')),
    [`${CONTAINER}.resources.requests[cpu]: -1 is less than nothing`],
  ),
  broken('Service with an unnamed port among several', SERVICE, (o) => delete o.spec.ports[0].name, [
    'spec.ports[0].name: is required where a Service has more than one port',
  ]),
  broken('Service to a quoted port number', SERVICE, (o) => (o.spec.ports[1].targetPort = '8443'), [
    `spec.ports[1].targetPort: "8443" is not a port name: ${PORT_RULE}`,
  ]),
  broken('webhook without a server', WEBHOOKS, (o) => (o.webhooks[0].clientConfig = {}), [
    'webhooks[0].clientConfig: needs exactly one of service, url, has none',
  ]),
  broken('account without a namespace', CLUSTER_ROLE_BINDING, (o) => delete o.subjects[0].namespace, [
    'subjects[0].namespace: is required for a ServiceAccount',
  ]),
  broken('account of no valid name', CLUSTER_ROLE_BINDING, (o) => (o.subjects[0].name = 'Web'), [
    `subjects[0].name: "Web" is not a DNS subdomain: ${SUBDOMAIN_RULE}`,
  ]),
  broken('subject of an unknown kind', CLUSTER_ROLE_BINDING, (o) => (o.subjects[0].kind = 'Account'), [
    'subjects[0].kind: "Account" is not one of Group, ServiceAccount, User',
  ]),
  broken('ClusterRoleBinding to a Role', CLUSTER_ROLE_BINDING, (o) => (o.roleRef.kind = 'Role'), [
    'roleRef.kind: a ClusterRoleBinding cannot refer to a Role',
  ]),
  broken('pods of an account of no valid name', DEPLOYMENT, (o) => (o.spec.template.spec.serviceAccountName = 'Web'), [
    `spec.template.spec.serviceAccountName: "Web" is not a DNS subdomain: ${SUBDOMAIN_RULE}`,
  ]),
  broken(
    'variable from a field that is not there',
    DEPLOYMENT,
    container((c) => (c.env[1].valueFrom.fieldRef.fieldPath = 'metadata.nam')),
    [
      `${CONTAINER}.env[1].valueFrom.fieldRef.fieldPath: "metadata.nam" is no field a variable may have, did you mean metadata.name?`,
    ],
  ),
  broken('webhook of an unknown review version', WEBHOOKS, (o) => (o.webhooks[0].admissionReviewVersions = ['v2']), [
    'webhooks[0].admissionReviewVersions: must include v1 or v1beta1',
  ]),
  broken('webhook with a relative path', WEBHOOKS, (o) => (o.webhooks[0].clientConfig.service.path = 'check'), [
    'webhooks[0].clientConfig.service.path: "check" does not start with "/"',
  ]),
  broken('budget of a malformed selector', BUDGET, (o) => (o.spec.selector.matchLabels.app = '-'), [
    'spec.selector.matchLabels[app]: "-" is not a label value: letters, digits, "-", "_" and ".", a letter or digit at both ends, or empty',
  ]),
  broken('budget of both kinds', BUDGET, (o) => (o.spec.maxUnavailable = 1), [
    'spec: has both minAvailable and maxUnavailable',
  ]),
];

export const BROKEN_OBJECTS: readonly Broken[] = [...FIELDS, ...EMPTY, ...VALUES, ...REPEATED, ...NAMES, ...REFERENCES];
