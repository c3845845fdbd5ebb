import { checksumsOf, CHECKSUMS } from '../../../src/bundle/archive/checksums.js';
import { gzipStored } from '../../../src/bundle/archive/gzip.js';
import { writeTar, type TarFile } from '../../../src/bundle/archive/tar.js';

/** A small bundle that is in order, by path inside the archive's folder. */
export const SAMPLE: Readonly<Record<string, string>> = {
  'Chart.yaml': `apiVersion: v2
name: kthena
type: application
version: 1.0.0
appVersion: 1.0.0
annotations:
  kthena.io/bundle-format: "1"
  kthena.io/minimum-version: 1.0.0
`,
  'bundle/crds/things.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.test.serving.volcano.sh }
spec:
  group: test.serving.volcano.sh
  scope: Namespaced
  names: { plural: things, singular: thing, kind: Thing }
  versions:
    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }
`,
  'bundle/manifests/bundle.yaml': `format: 1
minimumVersion: 1.0.0
name: kthena
version: 1.0.0
appVersion: 1.0.0
aliases: {}
variables: {}
kinds: [v1/ConfigMap]
components:
  - { name: parts, enabled: parts.enabled, crds: [things.test.serving.volcano.sh] }
rules: []
`,
  'bundle/manifests/values.yaml': 'parts:\n  enabled: true\n  text: hello\n',
  'bundle/manifests/values.schema.json': JSON.stringify({
    type: 'object',
    additionalProperties: false,
    required: ['parts'],
    properties: {
      parts: {
        type: 'object',
        additionalProperties: false,
        required: ['enabled', 'text'],
        properties: { enabled: { type: 'boolean' }, text: { type: 'string' } },
      },
    },
  }),
  'bundle/manifests/parts/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: parts, namespace: '\${ release.namespace }' }
data: { text: '\${ parts.text }' }
`,
};

/** Files over those of the sample; undefined leaves one out. */
export type Changes = Readonly<Record<string, string | Buffer | undefined>>;

/** The sample with these changes, its checksums right. */
export function bundleWith(changes: Changes = {}): Buffer {
  const files = new Map<string, Buffer>();
  for (const [path, data] of Object.entries({ ...SAMPLE, ...changes })) {
    if (data !== undefined) files.set(path, Buffer.from(data as string));
  }
  if (!files.has(CHECKSUMS)) files.set(CHECKSUMS, Buffer.from(checksumsOf(files)));
  return gzipStored(writeTar(entriesOf(files)));
}

/** The sample's entries, for archives that are not sound. */
export function sampleEntries(): TarFile[] {
  const files = new Map(Object.entries(SAMPLE).map(([path, text]) => [path, Buffer.from(text)]));
  return entriesOf(files.set(CHECKSUMS, Buffer.from(checksumsOf(files))));
}

function entriesOf(files: ReadonlyMap<string, Buffer>): TarFile[] {
  return [...files].map(([path, data]) => ({ path: `kthena/${path}`, data }));
}

/** `bundle.yaml` of the sample with a text in it replaced. */
export function definitionWith(text: string, replacement: string): Changes {
  const path = 'bundle/manifests/bundle.yaml';
  const original = SAMPLE[path]!;
  if (!original.includes(text)) throw new Error(`the sample has no ${text}`);
  return { [path]: original.replace(text, () => replacement) };
}

export const TEMPLATE = 'bundle/manifests/parts/config.yaml';

/** How a template of the sample begins. */
export const MANIFEST_HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: parts }\n';

/** The sample's template with something else below its head. */
export function templateWith(rest: string): Changes {
  return { [TEMPLATE]: `${MANIFEST_HEAD}${rest}\n` };
}
