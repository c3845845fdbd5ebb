/**
 * Makes schemas/kubernetes-1.34.json from the sources of Kubernetes, fetched as a Go module.
 *
 *   node scripts/kubernetes-schemas.mjs           write the file
 *   node scripts/kubernetes-schemas.mjs --check   exit 1 where the file is not what would be written; passes where Go is not installed
 *
 * Two sources, because neither is complete: the OpenAPI documents lack the enums (they are made with OpenAPIEnums=false),
 * the generated Go code has them. What the API server checks in code only is in schemas/kubernetes-rules.mjs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPTIONAL, REQUIRED, RULES } from '../schemas/kubernetes-rules.mjs';

const VERSION = 'v1.34.4';
const OUTPUT = new URL('../schemas/kubernetes-1.34.json', import.meta.url);

const KINDS = {
  'admissionregistration.k8s.io/v1': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'apps/v1': ['Deployment'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  v1: ['ConfigMap', 'Namespace', 'Secret', 'Service', 'ServiceAccount'],
};

const JSON_SCHEMA = { $ref: '#/definitions/apiextensions.v1.JSONSchemaProps' };
/** Definitions that say less than the server knows (or more than a check needs), written in place of every reference to them. */
const INLINE = {
  'api.resource.Quantity': { format: 'quantity' },
  'util.intstr.IntOrString': { 'x-kubernetes-int-or-string': true },
  'meta.v1.Time': { type: 'string' },
  'meta.v1.MicroTime': { type: 'string' },
  'meta.v1.FieldsV1': { type: 'object' },
  'pkg.runtime.RawExtension': { type: 'object' },
  'apiextensions.v1.JSON': {},
  // The list forms exist in Go for old CRDs only: a structural schema may not use them.
  'apiextensions.v1.JSONSchemaPropsOrArray': JSON_SCHEMA,
  'apiextensions.v1.JSONSchemaPropsOrStringArray': {},
  'apiextensions.v1.JSONSchemaPropsOrBool': { oneOf: [{ type: 'boolean' }, JSON_SCHEMA] },
};

const FORMATS = new Set(['int32', 'int64', 'byte']);

/** `io.k8s.api.core.v1.Container` → `core.v1.Container` */
const shortName = (name) => name.split('.').slice(-3).join('.');

function goModule() {
  try {
    const answer = execFileSync('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${VERSION}`], {
      cwd: tmpdir(), // away from any go.mod, so that the answer depends on nothing but the version
      encoding: 'utf8',
    });
    return JSON.parse(answer).Dir;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Every definition of the groups in KINDS, by its short name. */
function readDefinitions(directory) {
  const definitions = {};
  for (const apiVersion of Object.keys(KINDS)) {
    const path = apiVersion === 'v1' ? 'api__v1' : `apis__${apiVersion.replace('/', '__')}`;
    const document = readFileSync(join(directory, 'api/openapi-spec/v3', `${path}_openapi.json`), 'utf8');
    const { schemas } = JSON.parse(document).components;
    for (const [name, schema] of Object.entries(schemas)) definitions[shortName(name)] = schema;
  }
  return definitions;
}

/** Reads the generated Go code line by line: function = definition, five tabs = property, `Enum:` = values of the property or of its items. */
function addEnums(directory, definitions) {
  const code = readFileSync(join(directory, 'pkg/generated/openapi/zz_generated.openapi.go'), 'utf8');
  let definition;
  let property;
  for (const line of code.split('\n')) {
    const start = /^func schema_k8sio_api_([a-z]+)_(v\w+?)_(\w+)\(/.exec(line);
    if (start) definition = definitions[start.slice(1).join('.')];
    else if (line.startsWith('func ')) definition = undefined;
    property = /^\t{5}"(.+)": \{$/.exec(line)?.[1] ?? property;
    const values = /^\t+Enum: +\[\]interface\{\}\{(.+)\},$/.exec(line)?.[1];
    if (!definition || !values) continue;
    const schema = definition.properties[property];
    (schema.items ?? schema).enum = JSON.parse(`[${values}]`);
  }
}

function addRules(definitions) {
  for (const [name, properties] of Object.entries(RULES)) {
    for (const [property, rule] of Object.entries(properties)) {
      const known = definitions[name]?.properties[property];
      if (!known) throw new Error(`kubernetes-rules.mjs: ${name} has no property ${property}`);
      const reference = known.$ref ?? known.allOf?.[0].$ref;
      definitions[name].properties[property] = { ...(reference ? INLINE[shortName(reference)] : known), ...rule };
    }
  }
  for (const [name, properties] of Object.entries(REQUIRED)) {
    definitions[name].required = [...(definitions[name].required ?? []), ...properties];
  }
  for (const [name, properties] of Object.entries(OPTIONAL)) {
    definitions[name].required = definitions[name].required.filter((property) => !properties.includes(property));
  }
}

/** What a check needs of a schema, with its keys in a fixed order; `visit` is told the name of each definition referred to. */
function reduce(schema, visit) {
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
  if (reference) {
    const name = shortName(reference);
    if (name in INLINE) return INLINE[name];
    visit(name);
    return { $ref: `#/definitions/${name}` };
  }
  const children = (map) =>
    Object.fromEntries(
      Object.entries(map)
        .sort(byKey)
        .map(([key, value]) => [key, reduce(value, visit)]),
    );
  return {
    ...pick(schema, 'type', (type) => type !== undefined),
    ...pick(schema, 'format', (format) => FORMATS.has(format) || format === 'percent'),
    ...pick(schema, 'x-kubernetes-int-or-string', Boolean),
    ...pick(schema, 'enum', Boolean),
    ...pick(schema, 'minimum', (minimum) => minimum !== undefined),
    ...pick(schema, 'maximum', Boolean),
    // A default matters only where it is part of a list's key; there the zero value and its absence are the same.
    ...pick(schema, 'default', (value) => Boolean(value) && typeof value !== 'object'),
    ...pick(schema, 'required', (required) => required?.length > 0),
    ...pick(schema, 'x-kubernetes-list-map-keys', Boolean),
    ...pick(schema, 'x-kubernetes-list-type', (type) => type === 'set'),
    ...(schema.items && { items: reduce(schema.items, visit) }),
    ...(schema.additionalProperties && { additionalProperties: reduce(schema.additionalProperties, visit) }),
    ...(schema.properties && { properties: children(schema.properties) }),
  };
}

const pick = (schema, key, wanted) => (wanted(schema[key]) ? { [key]: schema[key] } : {});
const byKey = ([a], [b]) => (a < b ? -1 : 1);

function definitionOfKind(definitions, apiVersion, kind) {
  const [version, group = ''] = apiVersion.split('/').reverse();
  const isIt = (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind;
  const found = Object.keys(definitions).find((name) =>
    definitions[name]['x-kubernetes-group-version-kind']?.some(isIt),
  );
  if (!found) throw new Error(`no definition of ${apiVersion} ${kind}`);
  return found;
}

function extract(definitions) {
  const kinds = {};
  for (const [apiVersion, names] of Object.entries(KINDS)) {
    for (const kind of names) {
      const name = definitionOfKind(definitions, apiVersion, kind);
      kinds[`${apiVersion}/${kind}`] = name;
      // The server ignores a status that is sent with the object, so its shape needs no check.
      if (definitions[name].properties.status) definitions[name].properties.status = {};
    }
  }
  const found = {};
  const queue = Object.values(kinds);
  for (const name of queue) found[name] ??= reduce(definitions[name], (next) => queue.push(next));
  return { source: `Kubernetes ${VERSION}`, kinds, definitions: Object.fromEntries(Object.entries(found).sort(byKey)) };
}

/** One line for each kind, definition and property: small, and a change shows in a diff as what it is. */
function format({ source, kinds, definitions }) {
  const lines = (map, write) =>
    Object.entries(map)
      .map(([key, value]) => `\n${JSON.stringify(key)}:${write(value)}`)
      .join(',');
  const definition = ({ properties, ...rest }) => {
    if (!properties) return JSON.stringify(rest);
    return `${JSON.stringify(rest).slice(0, -1)},"properties":{${lines(properties, JSON.stringify)}}}`;
  };
  return `{"source":${JSON.stringify(source)},"kinds":{${lines(kinds, JSON.stringify)}},\n"definitions":{${lines(definitions, definition)}}}\n`;
}

function main() {
  const directory = goModule();
  const check = process.argv.includes('--check');
  if (directory === undefined) {
    console.error('Go is not installed: the schemas of Kubernetes cannot be made or checked.');
    process.exitCode = check ? 0 : 1;
    return;
  }
  const definitions = readDefinitions(directory);
  addEnums(directory, definitions);
  addRules(definitions);
  const text = format(extract(definitions));
  if (!check) {
    writeFileSync(OUTPUT, text);
  } else if (readFileSync(OUTPUT, 'utf8') !== text) {
    console.error('schemas/kubernetes-1.34.json is stale: run node scripts/kubernetes-schemas.mjs');
    process.exitCode = 1;
  }
}

main();
