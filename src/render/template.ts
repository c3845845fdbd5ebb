import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { TemplateNode } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { evaluateIn, type Scope } from './scope.js';
import { splitText } from './text.js';

/** How an expression is used, which says what type it must have. */
export type Use = 'value' | 'text' | '$if' | '$merge' | '$splice';

export interface Expression {
  /** Where in the document: `spec.template.spec.containers[0].args[2]`. */
  place: string;
  expression: string;
  use: Use;
}

const DIRECTIVES = new Set(['$if', '$value', '$merge', '$splice']);

/** How much of an expression a message shows. */
const MAX_SHOWN = 300;

/** Stands for a value that is left out of the list or map it would be in. */
const ABSENT = Symbol('absent');

type TemplateMap = { [key: string]: TemplateNode };

/**
 * Evaluates a template node to JSON. In a map, `$if` keeps or drops the map, `$value` beside it gives something that is not a map,
 * `$merge` puts a map's entries under the map's own ones; in a list, `{$splice: list}` puts a list's items in its place.
 * An expression that is a whole value and comes to null, `{}` or `[]` is left out with its key.
 *
 * @returns undefined where the whole node is dropped
 * @throws KthenaError `render`, with the place inside the document
 */
export function evaluateTemplate(node: TemplateNode, scope: Scope): unknown {
  const value = new Evaluator(scope).node(node, '');
  return value === ABSENT ? undefined : value;
}

class Evaluator {
  constructor(private readonly scope: Scope) {}

  node(node: TemplateNode, place: string): unknown {
    if (typeof node === 'string') return this.text(node, place);
    if (Array.isArray(node)) return this.list(node, place);
    if (typeof node === 'object' && node !== null) return this.map(node, place);
    return node;
  }

  private text(text: string, place: string): unknown {
    const parts = splitText(text);
    const [first] = parts;
    if (parts.length === 1 && first !== undefined && 'expression' in first) {
      const value = this.evaluate(first.expression, place);
      return isEmpty(value) ? ABSENT : value;
    }
    return parts.map((part) => ('text' in part ? part.text : this.interpolate(part.expression, place))).join('');
  }

  private interpolate(expression: string, place: string): string {
    const value = this.evaluate(expression, place);
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw failure(place, expression, 'only a text, number or boolean can stand inside a text');
  }

  private list(items: TemplateNode[], place: string): unknown[] {
    return items.flatMap((item, index) => {
      const at = `${place}[${index}]`;
      const splice = isTemplateMap(item) ? item['$splice'] : undefined;
      if (splice !== undefined) return this.spliced(splice, `${at}.$splice`);
      const value = this.node(item, at);
      return value === ABSENT ? [] : [value];
    });
  }

  private spliced(node: TemplateNode, place: string): unknown[] {
    const value = this.node(node, place);
    if (value === ABSENT) return [];
    if (Array.isArray(value)) return value;
    throw failure(place, describeNode(node), 'it must be a list');
  }

  private map(map: TemplateMap, place: string): unknown {
    checkDirectives(map, place);
    if (map['$if'] !== undefined && !this.condition(map['$if'], `${place}.$if`)) return ABSENT;
    if (map['$value'] !== undefined) return this.node(map['$value'], place);
    const entries = new Map<string, unknown>(this.merged(map, `${place}.$merge`));
    for (const [key, child] of Object.entries(map)) {
      if (DIRECTIVES.has(key)) continue;
      const value = this.node(child, place === '' ? key : `${place}.${key}`);
      if (value !== ABSENT) entries.set(key, value);
    }
    return Object.fromEntries(entries);
  }

  private merged({ $merge: node }: TemplateMap, place: string): [string, unknown][] {
    if (node === undefined) return [];
    const value = this.node(node, place);
    if (value === ABSENT) return [];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
    throw failure(place, describeNode(node), 'it must be a map');
  }

  private condition(node: TemplateNode, place: string): boolean {
    const value = this.node(node, place);
    if (typeof value === 'boolean') return value;
    throw failure(place, describeNode(node), 'it must be true or false');
  }

  private evaluate(expression: string, place: string): unknown {
    try {
      return evaluateIn(this.scope, expression);
    } catch (error) {
      if (error instanceof KthenaError) throw at(place, error);
      throw failure(place, expression, summaryOf(error));
    }
  }
}

/** Every expression of a template node, in document order, for checks that need no values. */
export function* expressionsIn(node: TemplateNode, place = ''): Iterable<Expression> {
  if (typeof node === 'string') {
    yield* expressionsInText(node, place, 'value');
  } else if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* expressionsIn(item, `${place}[${index}]`);
  } else if (isTemplateMap(node)) {
    checkDirectives(node, place);
    for (const [key, child] of Object.entries(node)) {
      const at = place === '' ? key : `${place}.${key}`;
      if (typeof child === 'string' && (key === '$if' || key === '$merge' || key === '$splice')) {
        yield* expressionsInText(child, at, key);
      } else {
        yield* expressionsIn(child, at);
      }
    }
  }
}

function* expressionsInText(text: string, place: string, whole: Use): Iterable<Expression> {
  const parts = splitText(text);
  for (const part of parts) {
    if ('expression' in part) yield { place, expression: part.expression, use: parts.length === 1 ? whole : 'text' };
  }
}

/**
 * Type-checks one expression without evaluating it.
 *
 * @returns what is wrong with it, or undefined
 */
export function expressionProblem(environment: Environment, { expression, use }: Expression): string | undefined {
  const checked = environment.check(expression);
  if (!checked.valid) return summaryOf(checked.error);
  const refused = refusedCall(environment.parse(expression).ast);
  if (refused !== undefined) return refused;
  const type = String(checked.type);
  if (type === 'dyn' || TYPES[use].test(type)) return undefined;
  return `it is a ${type}, which cannot be used here`;
}

const TYPES: Record<Use, RegExp> = {
  value: /./,
  text: /^(string|int|uint|double|bool)$/,
  $if: /^bool$/,
  $merge: /^map/,
  $splice: /^list/,
};

/** Why an expression may not call what it calls; undefined where it may. */
function refusedCall(node: unknown): string | undefined {
  if (Array.isArray(node)) return node.map(refusedCall).find((reason) => reason !== undefined);
  if (typeof node !== 'object' || node === null || !('op' in node)) return undefined;
  const { op, args } = node as ASTNode;
  if (op !== 'call' && op !== 'rcall') return refusedCall(args);
  const [name, ...parts] = args as [string, ...unknown[]];
  if (name === 'matches') return 'matches() is not available: a pattern can run for minutes';
  if (/^get[A-Z]/.test(name) && (parts[1] as unknown[]).length > 0)
    return `${name}() with a time zone is not available: what it says depends on the machine`;
  return refusedCall(parts);
}

function checkDirectives(map: TemplateMap, place: string): void {
  const unknown = Object.keys(map).find((key) => key.startsWith('$') && !DIRECTIVES.has(key));
  if (unknown !== undefined) {
    throw new KthenaError('render', `${place}: ${unknown} is not a directive`, {
      hint: `Directives are ${[...DIRECTIVES].join(', ')}.`,
    });
  }
}

function isTemplateMap(node: TemplateNode): node is TemplateMap {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function describeNode(node: TemplateNode): string {
  return typeof node === 'string' ? node : JSON.stringify(node);
}

/** The first line of a CEL error: what follows is the expression with a mark, which the message names anyway. */
function summaryOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}

function at(place: string, error: KthenaError): KthenaError {
  const { code, message, details, hint } = error;
  return new KthenaError(code, `${place}: ${message}`, { details, hint, cause: error });
}

/** Expressions stand in messages, where nobody reads more than a line or two. */
export function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

function failure(place: string, expression: string, reason: string): KthenaError {
  const where = place === '' ? '' : `${place}: `;
  return new KthenaError('render', `${where}\${ ${shorten(expression)} }: ${reason}`);
}
