import type { Case } from './hostile-contents.js';
import { definitionWith, MANIFEST_HEAD, TEMPLATE, templateWith, type Changes } from './sample.js';

const expression = (text: string): Changes => templateWith(`data:\n  x: ${JSON.stringify(`\${ ${text} }`)}`);
const variables = (text: string): Changes => definitionWith('variables: {}', `variables:\n${text}`);

const LIST = `[${'1, '.repeat(99)}1]`;
/** Ten list macros in each other over a hundred items: 10^20 steps. */
const LOOPS = Array.from({ length: 10 }).reduce<string>(
  (inner, _, at) => `${LIST.slice(0, 60)}1].all(v${at}, ${inner})`,
  'true',
);
const DOUBLINGS = Array.from({ length: 40 }, (_, at) => `  v${at + 1}: \${ v${at} + v${at} }`).join('\n');
/** Templates and rules that do not compile, take too much, or make what they may not. */
export const HOSTILE_EXPRESSIONS: readonly Case[] = [
  ['a template that does not compile', expression('parts.text +'), 'manifests/parts/config.yaml: data.x'],
  ['a name that does not exist', expression('parts.txet'), 'No such key: txet'],
  ['an expression that is not closed', templateWith('data: "${ parts.text"'), 'that no } closes'],
  ['a directive that does not exist', templateWith('$include: /etc/passwd'), '$include is not a directive'],
  ['a regular expression', expression('string(parts.text.matches("(a+)+$"))'), 'matches() is not available'],
  [
    'what depends on the machine',
    expression('string(timestamp("2024-01-01T00:00:00Z").getHours("Asia/Tokyo"))'),
    'getHours() with a time zone is not available',
  ],
  ['an expression with very many nodes', expression('1 + '.repeat(600) + '1'), 'maxAstNodes'],
  ['an expression nested deep', expression(`${'('.repeat(2000)}1${')'.repeat(2000)}`), 'maxDepth'],
  [
    'a message that would clear the screen',
    templateWith('"a\\e[2J": ${ nothing }'),
    'manifests/parts/config.yaml: a\\u001b[2J: ${ nothing }: Unknown variable: nothing',
  ],
  [
    'an expression that no message can hold',
    expression(`nothing + "${'x'.repeat(100_000)}"`),
    'xxx… }: Unknown variable: nothing',
  ],
  [
    'very many expressions',
    templateWith(`data: [${'"${ parts.text }",'.repeat(9000)}x]`),
    'the bundle has more than 4000 expressions',
  ],
  ['loops in loops', expression(`string(${LOOPS})`), 'the expressions of the bundle are too much work'],
  [
    'loops that swallow their error',
    expression(`string(${LOOPS} || true)`),
    'the expressions of the bundle are too much work',
  ],
  [
    'a text that is doubled',
    variables(`  v0: ${'x'.repeat(100)}\n${DOUBLINGS}`),
    'an expression makes a value that is too large',
  ],
  [
    'a list that is doubled',
    variables(`  v0: [1, 2, 3]\n${DOUBLINGS}`),
    'an expression makes a value that is too large',
  ],
  [
    'a text doubled within one expression',
    expression(
      Array.from({ length: 13 }).reduce<string>(
        (inner, _, at) => `cel.bind(b${at}, ${inner}, b${at} + b${at} + b${at} + b${at} + b${at} + b${at})`,
        'parts.text',
      ),
    ),
    'an expression makes a value that is too large',
  ],
  [
    'a list spliced into itself',
    variables(
      `  v0: [1, 2, 3]\n${Array.from({ length: 30 }, (_, at) => `  v${at + 1}: [{ $splice: '\${ v${at} }' }, { $splice: '\${ v${at} }' }]`).join('\n')}`,
    ),
    'too',
  ],
  [
    'lists that are joined',
    expression(
      `${LIST}.map(a, parts.text).map(b, ${LIST}.map(c, b + b + b + b).join("-")).map(d, d + d + d + d + d + d + d + d).join("-").split("")[0]`,
    ),
    'the expressions of the bundle are too much work',
  ],
  [
    'an object of a kind that is not declared',
    { [TEMPLATE]: MANIFEST_HEAD.replace('ConfigMap', 'Secret') },
    'it makes a Secret of v1, a kind that the bundle does not declare',
  ],
  [
    'a kind that an expression makes',
    { [TEMPLATE]: MANIFEST_HEAD.replace('kind: ConfigMap', 'kind: ${ "Cluster" + "RoleBinding" }') },
    'it makes a ClusterRoleBinding of v1, a kind that the bundle does not declare',
  ],
  [
    'an object without a name',
    { [TEMPLATE]: 'apiVersion: v1\nkind: ConfigMap\n' },
    'it makes no object: apiVersion, kind or metadata.name are missing',
  ],
  [
    'a rule that takes for ever',
    definitionWith(
      'rules: []',
      `rules:\n  - { expect: '${LOOPS}', message: all is well, values: [parts], severity: error }`,
    ),
    'too much work',
  ],
];
