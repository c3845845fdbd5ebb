import type { Environment } from '@marcbachmann/cel-js';
import { createContext, createEnvironment, fromCel } from './expressions.js';
import type { Bundle } from '../bundle/bundle.js';

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
}

/** Names and values for the expressions of a bundle; `render.ts` adds the bundle's shared variables. */
export function bareScope(bundle: Bundle, values: Record<string, unknown>, release: ReleaseIdentity): Scope {
  return {
    environment: createEnvironment(bundle.schema, bundle.aliases),
    context: {
      ...createContext(bundle.schema, bundle.aliases, values),
      release,
      bundle: { version: bundle.version, appVersion: bundle.appVersion },
    },
    results: new Map(),
  };
}

/** The value of an expression as JSON. Throws what cel-js throws. */
export function evaluateIn({ environment, context, results }: Scope, expression: string): unknown {
  if (!results.has(expression)) results.set(expression, fromCel(environment.evaluate(expression, context)));
  return results.get(expression);
}
