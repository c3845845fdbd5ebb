import type { Bundle, Rule } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { createScope, type Scope } from './render.js';

/**
 * The bundle's rules between values that these values break.
 *
 * A rule whose expression cannot be evaluated is passed over: that happens only with values of the wrong type, which the
 * schema reports with a better message.
 */
export function brokenRules(bundle: Bundle, values: Record<string, unknown>): Rule[] {
  const scope = scopeOf(bundle, values);
  if (scope === undefined) return [];
  const { environment, context } = scope;
  return bundle.rules.filter((rule) => {
    try {
      return environment.evaluate(rule.expect, context) === false;
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
