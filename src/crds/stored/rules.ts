import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { Schema, ValidationRule } from '../compare/crd.js';
import { celValue } from './cel-value.js';
import type { Steps } from './place.js';
import { follow, planFor } from './plan.js';
import type { Unchecked } from './problem.js';

export interface BrokenRule {
  steps: Steps;
  /** What the rule adds to the path of the value it is about. */
  fieldPath: string;
  message: string;
  /** The rule ended in an error, which the server does not forgive even where nothing changed. */
  failed: boolean;
}

interface CompiledRule {
  rule: ValidationRule;
  evaluate(self: unknown): unknown;
  path: string;
}

/** Errors of an evaluation that the server would run into as well; any other is a limit of the evaluation here. */
const ERRORS_OF_THE_VALUE = new Set([
  ...[
    'no_such_key',
    'index_out_of_range',
    'index_out_of_bounds',
    'division_by_zero',
    'modulo_by_zero',
    'numeric_overflow',
  ],
  ...['int_conversion_error', 'uint_conversion_error', 'double_conversion_error', 'bool_conversion_error'],
  ...['invalid_timestamp', 'invalid_duration', 'optional_value_missing'],
]);

/**
 * Prepares the CEL rules of a schema. Rules about `oldSelf` are left out: they are about updates, and a stored resource is none.
 *
 * @param unchecked gets the rules that cannot be compiled here, and later those that cannot be evaluated, once each: functions
 *   that Kubernetes adds to CEL, and `matches`, which could run for minutes
 */
export async function ruleChecker(schema: Schema, unchecked: Unchecked[]): Promise<(resource: object) => BrokenRule[]> {
  if (planFor(schema, (part) => hasRules(part) || undefined) === undefined) return () => [];
  const { Environment } = await import('@marcbachmann/cel-js');
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
    .registerVariable('self', 'dyn')
    .registerVariable('oldSelf', 'dyn');
  const plan = planFor(schema, (part, path) => {
    const rules = compileRules(part, path, environment, unchecked);
    return rules.length === 0 ? undefined : { rules, part };
  });
  if (plan === undefined) return () => [];
  const given = new Set<CompiledRule>();
  const giveUp = (rule: CompiledRule, why: string): void => {
    if (!given.has(rule)) unchecked.push({ path: rule.path, kind: 'rule', text: rule.rule.rule, why });
    given.add(rule);
  };
  return (resource) => {
    const broken: BrokenRule[] = [];
    follow(plan, resource, ({ rules, part }, value, steps) => {
      if (value === null) return;
      const self = celValue(value, part);
      for (const rule of rules) {
        const found = evaluate(rule, self, giveUp);
        if (found !== undefined) broken.push({ ...found, steps: [...steps] });
      }
    });
    return broken;
  };
}

function hasRules(schema: Schema): boolean {
  return schema['x-kubernetes-validations'] !== undefined || nestedRules(schema).length > 0;
}

function compileRules(schema: Schema, path: string, environment: Environment, unchecked: Unchecked[]): CompiledRule[] {
  const leaveOut = (text: string, why: string): void => void unchecked.push({ path, kind: 'rule', text, why });
  for (const { rule } of nestedRules(schema)) leaveOut(rule, 'it is inside allOf');
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule): CompiledRule[] => {
    try {
      const parsed = environment.parse(rule.rule);
      if (uses(parsed.ast, (node) => node.op === 'id' && node.args === 'oldSelf')) return [];
      if (uses(parsed.ast, isMatch)) {
        leaveOut(rule.rule, 'it uses matches()');
        return [];
      }
      const checked = parsed.check();
      if (checked.valid) return [{ rule, path, evaluate: (self) => parsed({ self }) }];
      leaveOut(rule.rule, firstLine(checked.error));
    } catch (error) {
      leaveOut(rule.rule, firstLine(error));
    }
    return [];
  });
}

/** Rules in allOf are evaluated by the server since Kubernetes 1.30; in the others there may be none. */
function nestedRules({ allOf = [] }: Schema): ValidationRule[] {
  return allOf.flatMap((part) => [
    ...(part['x-kubernetes-validations'] ?? []),
    ...nestedRules(part),
    ...Object.values(part.properties ?? {}).flatMap((property) => nestedRules({ allOf: [property] })),
  ]);
}

function evaluate(
  compiled: CompiledRule,
  self: unknown,
  giveUp: (rule: CompiledRule, why: string) => void,
): Omit<BrokenRule, 'steps'> | undefined {
  const { message, rule, fieldPath = '' } = compiled.rule;
  const text = (message ?? `does not fulfil the rule ${rule}`).trim();
  try {
    return compiled.evaluate(self) === true ? undefined : { fieldPath, message: text, failed: false };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && ERRORS_OF_THE_VALUE.has(code)) {
      return { fieldPath, message: `${text} (the rule fails: ${code.replaceAll('_', ' ')})`, failed: true };
    }
    giveUp(compiled, firstLine(error));
    return undefined;
  }
}

function isMatch({ op, args }: ASTNode): boolean {
  return (op === 'rcall' || op === 'call') && Array.isArray(args) && args[0] === 'matches';
}

function uses(node: unknown, test: (node: ASTNode) => boolean): boolean {
  if (Array.isArray(node)) return node.some((part) => uses(part, test));
  if (typeof node !== 'object' || node === null || !('op' in node)) return false;
  return test(node as ASTNode) || uses((node as ASTNode).args, test);
}

function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}
