import type { Bundle, Rule } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { createScope } from './render.js';
import { evaluateIn, type Scope } from './scope.js';

/**
 * The bundle's rules between values that these values break.
 *
 * A rule whose expression cannot be evaluated is passed over: that happens only with values of the wrong type, which the
 * schema reports with a better message.
 *
 * @throws KthenaError `bundle` where a bundle that is not trusted takes too much work
 */
export function brokenRules(bundle: Bundle, values: Record<string, unknown>): Rule[] {
  const scope = scopeOf(bundle, values);
  if (scope === undefined) return [];
  return bundle.rules.filter((rule) => {
    try {
      return evaluateIn(scope, rule.expect) === false;
    } catch (error) {
      if (isRefusal(error)) throw at(rule, error);
      return false;
    }
  });
}

function scopeOf(bundle: Bundle, values: Record<string, unknown>): Scope | undefined {
  try {
    return createScope(bundle, values, { name: '', namespace: '' });
  } catch (error) {
    if (error instanceof KthenaError && !isRefusal(error)) return undefined;
    throw error;
  }
}

/** A bundle that takes too much work is refused whatever the values. */
function isRefusal(error: unknown): error is KthenaError {
  return error instanceof KthenaError && error.code === 'bundle';
}

function at({ message }: Rule, { code, message: reason, hint }: KthenaError): KthenaError {
  return new KthenaError(code, `rule "${message}": ${reason}`, { hint });
}
