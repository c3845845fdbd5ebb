import { setTimeout as pause } from 'node:timers/promises';
import { KthenaError } from '../errors.js';
import { isApiError } from '../kube/api-error.js';
import type { KubeClient } from '../kube/client.js';
import type { KubeObject } from '../kube/object.js';
import { crdSpec } from './crd.js';

const INTERVAL_MS = 100;

interface OpenApiDocument {
  components?: { schemas?: Record<string, Schema> };
}

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  [keyword: string]: unknown;
  'x-kubernetes-group-version-kind'?: { kind: string }[];
}

/**
 * Waits until the API server serves the schema of a changed CRD: for a moment after the change it still answers by the old one, and
 * would drop fields that are new. What it serves is what it publishes as OpenAPI v3.
 *
 * @throws KthenaError `timeout`; `interrupted`
 */
export async function waitUntilSchemaServed(
  client: KubeClient,
  crd: KubeObject,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const version of servedVersions(crd)) {
    const wanted = [...fieldsOf(version.schema.openAPIV3Schema)].sort().join('\n');
    while ((await publishedFields(client, crd, version.name)) !== wanted) {
      if (signal.aborted) throw new KthenaError('interrupted', 'stopped while waiting for the new schema to be served');
      if (Date.now() > deadline) {
        throw new KthenaError(
          'timeout',
          `${crd.metadata.name}: the new schema of ${version.name} is not served after ${timeoutMs / 1000} s`,
          {
            hint: 'The CRD itself is upgraded. Run the same command again to see whether the API server has taken it up.',
          },
        );
      }
      await pause(INTERVAL_MS);
    }
  }
}

/** Soon after the first CRD of a group there is no document yet. */
async function readDocument(client: KubeClient, path: string): Promise<OpenApiDocument> {
  try {
    return (await client.read(path)) as OpenApiDocument;
  } catch (error) {
    if (isApiError(error, 404) || isApiError(error, 503)) return {};
    throw error;
  }
}

async function publishedFields(client: KubeClient, crd: KubeObject, version: string): Promise<string | undefined> {
  const { group, names } = crdSpec(crd);
  const document = await readDocument(client, `/openapi/v3/apis/${group}/${version}`);
  const schema = Object.values(document.components?.schemas ?? {}).find((candidate) =>
    candidate['x-kubernetes-group-version-kind']?.some(({ kind }) => kind === names.kind),
  );
  return schema === undefined ? undefined : [...fieldsOf(schema)].sort().join('\n');
}

/** What the API server publishes of a field as the CRD has it. */
const KEYWORDS = [
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'default',
];

/** Each field with its bounds, and each required name, below spec and status; what is above the API server completes by itself. */
function* fieldsOf(schema: Schema): Iterable<string> {
  for (const part of ['spec', 'status']) {
    const own = schema.properties?.[part];
    if (own !== undefined) yield* fieldsBelow(own, part);
  }
}

function* fieldsBelow(schema: Schema, path: string): Iterable<string> {
  yield path;
  for (const keyword of KEYWORDS) {
    if (schema[keyword] !== undefined) yield `${path} ${keyword} ${JSON.stringify(schema[keyword])}`;
  }
  for (const name of schema.required ?? []) yield `${path} requires ${name}`;
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* fieldsBelow(property, `${path}.${name}`);
  if (schema.items !== undefined) yield* fieldsBelow(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* fieldsBelow(schema.additionalProperties, `${path}.*`);
}

function servedVersions(crd: KubeObject): { name: string; schema: { openAPIV3Schema: Schema } }[] {
  const { versions } = crd['spec'] as {
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
  return versions.filter(({ served }) => served);
}
