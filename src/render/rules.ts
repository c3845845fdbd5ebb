import type { Bundle, Rule } from '../bundle/bundle.js';
import { createScope } from './render.js';

/**
 * The bundle's rules between values that these values break.
 *
 * A rule whose expression cannot be evaluated is passed over: that happens only with values of the wrong type, which the
 * schema reports with a better message.
 */
export function brokenRules(bundle: Bundle, values: Record<string, unknown>): Rule[] {
  const { environment, context } = createScope(bundle, values, { name: '', namespace: '' });
  return bundle.rules.filter((rule) => {
    try {
      return environment.evaluate(rule.expect, context) === false;
    } catch {
      return false;
    }
  });
}
