import type { Environment } from '@marcbachmann/cel-js';
import { createContext, createEnvironment, fromCel } from './expressions.js';
import type { Bundle } from '../bundle/bundle.js';
import { Meter } from './meter.js';

/** What a template may know of the release besides the values. */
export interface ReleaseIdentity {
  name: string;
  namespace: string;
}

/** A bundle's expressions with the values of one run: what rules and templates are evaluated in. */
export interface Scope {
  environment: Environment;
  context: Record<string, unknown>;
  /** Expressions have no side effects, and templates repeat many of them. */
  results: Map<string, unknown>;
  /** Of a bundle that is not trusted. */
  meter?: Meter;
}

/** Names and values for the expressions of a bundle; `render.ts` adds the bundle's shared variables. */
export function bareScope(bundle: Bundle, values: Record<string, unknown>, release: ReleaseIdentity): Scope {
  const environment = createEnvironment(bundle.schema, bundle.aliases);
  const scope: Scope = {
    environment,
    context: {
      ...createContext(bundle.schema, bundle.aliases, values),
      release,
      bundle: { version: bundle.version, appVersion: bundle.appVersion },
    },
    results: new Map(),
  };
  if (bundle.isBuiltIn) return scope;
  const meter = new Meter();
  meter.attach(environment);
  return { ...scope, meter };
}

/**
 * The value of an expression as JSON. Throws what cel-js throws.
 *
 * @throws KthenaError `bundle` where a bundle that is not trusted takes too much work
 */
export function evaluateIn(scope: Scope, expression: string): unknown {
  const { results, meter } = scope;
  if (!results.has(expression)) results.set(expression, fromCel(evaluate(scope, expression)));
  const result = results.get(expression);
  // What is made once may be put in many places.
  meter?.spendOn(result);
  return result;
}

function evaluate({ environment, context, meter }: Scope, expression: string): unknown {
  if (meter === undefined) return environment.evaluate(expression, context);
  const parsed = environment.parse(expression);
  return meter.measure(parsed.ast, () => parsed(context));
}
