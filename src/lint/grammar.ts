import type { Report } from './finding.js';
import { fieldPath, textOf, type Node } from './node.js';

interface Grammar {
  pattern: RegExp;
  /** Length at most; checked before the pattern, so that no pattern ever sees a long text. */
  longest: number;
  /** `is not <article name>: <rule>` */
  name: string;
  rule: string;
}

const QUALIFIED_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** How Kubernetes spells names (apimachinery, pkg/util/validation and pkg/api/validation), and the container runtimes their images. */
const GRAMMARS = {
  subdomain: {
    pattern: SUBDOMAIN,
    longest: 253,
    name: 'a DNS subdomain',
    rule: 'lower-case letters, digits, "-" and ".", a letter or digit around each "."',
  },
  webhook: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?){2,}$/,
    longest: 253,
    name: 'a webhook name',
    rule: 'a DNS subdomain of three parts or more, such as check.example.com',
  },
  label: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    longest: 63,
    name: 'a DNS label',
    rule: 'lower-case letters, digits and "-", a letter or digit at both ends',
  },
  service: {
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    longest: 63,
    name: 'a Service name',
    rule: 'lower-case letters, digits and "-", a letter first, a letter or digit last',
  },
  pathSegment: {
    pattern: /^(?!\.{1,2}$)[^/%]+$/,
    longest: Infinity,
    name: 'a name of an RBAC object',
    rule: 'neither "." nor "..", without "/" and "%"',
  },
  portName: {
    pattern: /^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    longest: 15,
    name: 'a port name',
    rule: 'lower-case letters, digits and single "-", one letter at least, a letter or digit at both ends',
  },
  labelValue: {
    pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
    longest: 63,
    name: 'a label value',
    rule: 'letters, digits, "-", "_" and ".", a letter or digit at both ends, or empty',
  },
  dataKey: {
    pattern: /^(?!\.{1,2}$|\.\.)[-._a-zA-Z0-9]+$/,
    longest: 253,
    name: 'a key of data',
    rule: 'letters, digits, "-", "_" and ".", not ".." at the start',
  },
  image: {
    pattern:
      /^([A-Za-z0-9.-]+(:\d+)?\/)?[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@[a-z0-9+._-]+:[0-9a-fA-F]{32,})?$/,
    longest: 512,
    name: 'an image reference',
    rule: 'registry/repository:tag or registry/repository@digest, the repository in lower case',
  },
} satisfies Record<string, Grammar>;

export type GrammarName = keyof typeof GRAMMARS;

/** Why `text` is not what the grammar asks for; undefined where it is. The text is quoted: not for secrets. */
export function grammarProblem(grammar: GrammarName, text: string): string | undefined {
  const { pattern, longest, name, rule }: Grammar = GRAMMARS[grammar];
  if (text.length > longest) return `is not ${name}: ${text.length} characters long, at most ${longest} are allowed`;
  return pattern.test(text) ? undefined : `${JSON.stringify(text)} is not ${name}: ${rule}`;
}

/** Reports the string in `node[field]` where it is not what the grammar asks for; a missing one is the structure check's. */
export function checkName(node: Node, field: string, grammar: GrammarName, report: Report): void {
  const text = textOf(node, field);
  const problem = text === undefined ? undefined : grammarProblem(grammar, text);
  if (problem !== undefined) report(fieldPath(node.path, field), problem);
}

/** Why `text` is no key of a label or annotation: `name` or `<DNS subdomain>/name`. */
export function qualifiedNameProblem(text: string): string | undefined {
  const parts = text.split('/');
  const [prefix, name] = parts.length === 1 ? [undefined, text] : [parts[0], parts[1]];
  const valid =
    parts.length <= 2 &&
    name !== undefined &&
    name.length <= 63 &&
    QUALIFIED_PART.test(name) &&
    (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)));
  if (valid) return undefined;
  return `${JSON.stringify(text)} is not a qualified name: up to 63 letters, digits, "-", "_" and ".", a DNS subdomain and "/" before it or not`;
}
