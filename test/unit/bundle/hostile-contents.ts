import type { Hostile } from './hostile-archives.js';
import { HOSTILE_EXPRESSIONS } from './hostile-expressions.js';
import { bundleWith, definitionWith, MANIFEST_HEAD, SAMPLE, TEMPLATE, templateWith, type Changes } from './sample.js';

const VALUES = 'bundle/manifests/values.yaml';
const SCHEMA = 'bundle/manifests/values.schema.json';
const CRD = 'bundle/crds/things.yaml';

const schemaWith = (part: object): Changes => ({
  [SCHEMA]: JSON.stringify({ type: 'object', properties: { parts: { type: 'object', properties: part } } }),
});

const LAUGHS = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  .concat(Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}*a${at}]`))
  .join('\n');

/** Name, what is changed in the sample, what the refusal says. */
export type Case = [name: string, changes: Changes, says: string];

const files: Case[] = [
  ['without Chart.yaml', { 'Chart.yaml': undefined }, 'it has no kthena/Chart.yaml'],
  [
    'a Helm chart',
    { 'Chart.yaml': 'apiVersion: v2\nname: nginx\nversion: 1.0.0\n' },
    'this is a Helm chart, not a bundle of Kthena',
  ],
  [
    'Chart.yaml of another version',
    { 'Chart.yaml': SAMPLE['Chart.yaml']!.replace('version: 1.0.0', 'version: 9.0.0') },
    'Chart.yaml: it says version "9.0.0", manifests/bundle.yaml says "1.0.0"',
  ],
  [
    'a format that is newer',
    { 'Chart.yaml': SAMPLE['Chart.yaml']!.replace('"1"', '"2"') },
    'the bundle is too new: it has format 2',
  ],
  [
    'a format that is no number',
    { 'Chart.yaml': SAMPLE['Chart.yaml']!.replace('"1"', '"1e400"') },
    'Chart.yaml: format must be a whole number',
  ],
  [
    'a bundle for a newer tool',
    {
      'Chart.yaml': SAMPLE['Chart.yaml']!.replace('version: 1.0.0\n', 'version: 1.0.0\n').replace(
        /minimum-version: .*/,
        'minimum-version: 99.0.0',
      ),
    },
    'the bundle is too new: it needs kthena 99.0.0',
  ],
  [
    'without bundle.yaml',
    { 'bundle/manifests/bundle.yaml': undefined },
    'the bundle has no file manifests/bundle.yaml',
  ],
  ['without values', { [VALUES]: undefined }, 'the bundle has no file manifests/values.yaml'],
  ['without a schema', { [SCHEMA]: undefined }, 'the bundle has no file manifests/values.schema.json'],
  ['a program beside the bundle', { 'run.sh': '#!/bin/sh' }, 'run.sh: no part of a bundle has this place'],
  [
    'an archive in the bundle',
    { 'bundle/manifests/parts/inner.tgz': 'x' },
    'manifests/parts/inner.tgz: no part of a bundle has this place',
  ],
  [
    'templates of no component',
    { 'bundle/manifests/other/x.yaml': MANIFEST_HEAD },
    'manifests/other/x.yaml: no part of a bundle has this place',
  ],
  [
    'a text that is not UTF-8',
    { [TEMPLATE]: Buffer.from([0xff, 0xfe, 0x00, 0x41]) },
    'manifests/parts/config.yaml: this is not UTF-8 text',
  ],
  [
    'without checksums',
    { 'checksums.txt': Buffer.alloc(0) },
    'checksums.txt:1: this is not a SHA-256 digest and a path',
  ],
  [
    'checksums of something else',
    { 'checksums.txt': `${'0'.repeat(64)}  Chart.yaml\n` },
    'Chart.yaml: its contents do not match checksums.txt:1',
  ],
  [
    'checksums of a file that is not there',
    { 'checksums.txt': `${'0'.repeat(64)}  nothing\n` },
    'checksums.txt: nothing is not in the bundle',
  ],
  [
    'a checksum twice',
    { 'checksums.txt': `${'0'.repeat(64)}  Chart.yaml\n`.repeat(2) },
    'checksums.txt:2: Chart.yaml is listed twice',
  ],
];

const yaml: Case[] = [
  ['YAML that is none', templateWith('a: [1'), 'manifests/parts/config.yaml:5'],
  ['a key twice', templateWith('kind: Secret'), 'manifests/parts/config.yaml:4: duplicated mapping key'],
  ['a tag that makes something', templateWith('data: !!js/function "x"'), 'manifests/parts/config.yaml:4: unknown'],
  ['aliases that blow up', templateWith(LAUGHS), 'aliases written out, more than 60000 values'],
  ['an alias inside itself', templateWith('data: &a [*a]'), 'manifests/parts/config.yaml'],
  [
    'aliases that nest',
    templateWith(
      ['a0: &a0 x'].concat(Array.from({ length: 300 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`)).join('\n'),
    ),
    'aliases written out, more than 100 deep',
  ],
  [
    'lists nested deep',
    templateWith(`data: ${'['.repeat(5000)}`),
    'manifests/parts/config.yaml:4: nesting exceeded maxDepth',
  ],
  ['very many values', templateWith(`data: [${'1,'.repeat(150_000)}1]`), 'more than 60000 values'],
  [
    'a YAML file that is too large',
    templateWith(`# ${'x'.repeat(2_200_000)}`),
    'kthena/bundle/manifests/parts/config.yaml: larger than 1 MiB',
  ],
  [
    'very many documents',
    { [TEMPLATE]: '---\n'.repeat(200_000) },
    'manifests/parts/config.yaml: it has more than 100 documents',
  ],
  [
    'very many values in several files',
    Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [
        `bundle/manifests/parts/${at}.yaml`,
        `${MANIFEST_HEAD}data: [${'x,'.repeat(20_000)}x]`,
      ]),
    ),
    'with this file the bundle holds, aliases written out, more than 60000 values',
  ],
  [
    'a key that JavaScript takes for the prototype',
    templateWith('__proto__: { polluted: true }'),
    '__proto__ is not a key that a bundle may have',
  ],
  [
    'a value called constructor',
    { [VALUES]: 'constructor: { prototype: { x: 1 } }' },
    'constructor is not a key that a bundle may have',
  ],
];

const definitions: Case[] = [
  ['bundle.yaml that is a list', { 'bundle/manifests/bundle.yaml': '[]' }, 'manifests/bundle.yaml: it must be a map'],
  [
    'a key that does not exist',
    definitionWith('rules: []', 'rules: []\nhooks: []'),
    'manifests/bundle.yaml:12: unknown key "hooks"',
  ],
  ['a key that is missing', definitionWith('rules: []', ''), 'manifests/bundle.yaml: rules is missing'],
  ['another name', definitionWith('name: kthena', 'name: nginx'), 'manifests/bundle.yaml:3: name: must be kthena'],
  [
    'a version that is none',
    definitionWith('version: 1.0.0\napp', 'version: ../../x\napp'),
    'manifests/bundle.yaml:4: version: must be a version',
  ],
  [
    'a component that leads out',
    definitionWith('name: parts', 'name: ../parts'),
    '"../parts" is not the name of a component',
  ],
  [
    'a component twice',
    definitionWith('rules:', '  - { name: parts, enabled: "true", crds: [] }\nrules:'),
    'component parts is there twice',
  ],
  [
    'an alias called as JavaScript has it',
    definitionWith('aliases: {}', 'aliases: { __proto__: parts }'),
    '__proto__ is not a key that a bundle may have',
  ],
  [
    'a kind that is none',
    definitionWith('v1/ConfigMap', '"*"'),
    'manifests/bundle.yaml:8: kinds: must be kinds such as apps/v1/Deployment',
  ],
  [
    'a rule with a terminal sequence',
    definitionWith('rules: []', 'rules: [{ expect: "true", message: "\\e[2J", values: [parts], severity: error }]'),
    'message of a rule must be a text of one line',
  ],
  [
    'a CRD that is a Secret',
    { [CRD]: 'apiVersion: v1\nkind: Secret\nmetadata: { name: x }\n' },
    'crds/things.yaml: this is not a CustomResourceDefinition',
  ],
  [
    'a CRD of another group',
    { [CRD]: SAMPLE[CRD]!.replaceAll('test.serving.volcano.sh', 'cert-manager.io') },
    'crds/things.yaml: its group is "cert-manager.io"',
  ],
  [
    'a CRD of a group that only ends alike',
    { [CRD]: SAMPLE[CRD]!.replaceAll('test.serving', 'evilserving') },
    'its group is "evilserving.volcano.sh"',
  ],
  [
    'a CRD under a false name',
    { [CRD]: SAMPLE[CRD]!.replace('name: things.test', 'name: pods.test') },
    'its name must be things.test.serving.volcano.sh',
  ],
  [
    'a CRD that no component names',
    definitionWith('[things.test.serving.volcano.sh]', '[]'),
    'no component names CRD things.test.serving.volcano.sh',
  ],
  ['a CRD that is not there', { [CRD]: undefined }, 'the bundle has no CRD things.test.serving.volcano.sh'],
];

const schemas: Case[] = [
  ['a schema that is not JSON', { [SCHEMA]: '{' }, 'manifests/values.schema.json: this is not JSON'],
  [
    'a schema nested deep',
    { [SCHEMA]: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` },
    'manifests/values.schema.json: it is nested more than 100 deep',
  ],
  [
    'a pattern that runs for ever',
    schemaWith({ text: { type: 'string', pattern: '^(a+)+$' } }),
    '/properties/parts/properties/text/pattern: a regular expression can run for ever',
  ],
  [
    'patterns of keys',
    schemaWith({ text: { patternProperties: { '(a+)+$': {} } } }),
    'patternProperties: a regular expression can run for ever',
  ],
  [
    'a reference to another machine',
    schemaWith({ text: { $ref: 'http://169.254.169.254/latest' } }),
    '$ref: references are not followed',
  ],
  ['a reference to itself', schemaWith({ text: { $ref: '#' } }), '$ref: references are not followed'],
  [
    'items compared with each other',
    schemaWith({ text: { type: 'array', uniqueItems: true } }),
    'uniqueItems: comparing every two items can take for ever',
  ],
  [
    'a keyword that does not exist',
    schemaWith({ text: { madeUp: 1 } }),
    '/properties/parts/properties/text/madeUp: this keyword is not available',
  ],
  [
    'a format that does not exist',
    schemaWith({ enabled: { type: 'boolean' }, text: { type: 'string', format: 'made-up' } }),
    'unknown format "made-up"',
  ],
  [
    'very many schemas',
    schemaWith(Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, {}]))),
    'it has more than 1000 schemas',
  ],
  [
    'defaults that are not valid',
    { [VALUES]: 'parts: { enabled: yes please, text: hello }' },
    'manifests/values.yaml: the defaults are not valid',
  ],
];

/** Bundles in sound archives whose contents are refused. */
export const HOSTILE_CONTENTS: readonly Hostile[] = [
  ...files,
  ...yaml,
  ...definitions,
  ...schemas,
  ...HOSTILE_EXPRESSIONS,
].map(([name, changes, says]) => ({ name, make: () => bundleWith(changes), says }));
