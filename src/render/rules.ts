import type { Bundle, Rule } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { createScope } from './render.js';
import { evaluateIn, type Scope } from './scope.js';

/**
 * The bundle's rules between values that these values break.
 *
 * A rule whose expression cannot be evaluated is passed over: that happens only with values of the wrong type, which the
 * schema reports with a better message.
 */
export function brokenRules(bundle: Bundle, values: Record<string, unknown>): Rule[] {
  const scope = scopeOf(bundle, values);
  if (scope === undefined) return [];
  return bundle.rules.filter((rule) => {
    try {
      return evaluateIn(scope, rule.expect) === false;
    } catch {
      return false;
    }
  });
}

function scopeOf(bundle: Bundle, values: Record<string, unknown>): Scope | undefined {
  try {
    return createScope(bundle, values, { name: '', namespace: '' });
  } catch (error) {
    if (error instanceof KthenaError) return undefined;
    throw error;
  }
}
