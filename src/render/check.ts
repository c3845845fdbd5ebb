import type { Environment } from '@marcbachmann/cel-js';
import type { Bundle, TemplateNode } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { createEnvironment } from './expressions.js';
import { expressionProblem, expressionsIn, shorten } from './template.js';

/**
 * Compiles and type-checks every expression of a bundle against its values schema, with no values at all.
 *
 * @returns one line a problem: `manifests/networking/deployment.yaml: spec.replicas: ${ … }: No such key: …`
 */
export function bundleProblems(bundle: Bundle): string[] {
  const environment = createEnvironment(bundle.schema, bundle.aliases);
  const problems = Object.entries(bundle.variables).flatMap(([name, node]) => {
    const found = documentProblems(`variable ${name}`, node, environment);
    environment.registerVariable(name, 'dyn');
    return found;
  });
  const conditions = [
    ...bundle.components.map(({ name, enabled }) => ({ name: `component ${name}`, expression: enabled })),
    ...bundle.rules.map(({ message, expect }) => ({ name: `rule "${message}"`, expression: expect })),
  ];
  for (const { name, expression } of conditions) {
    const problem = expressionProblem(environment, { place: name, expression, use: '$if' });
    if (problem !== undefined) problems.push(`${name}: ${shorten(expression)}: ${problem}`);
  }
  for (const { path, documents } of bundle.components.flatMap(({ templates }) => templates)) {
    problems.push(...documents.flatMap((document) => documentProblems(path, document, environment)));
  }
  return problems;
}

function documentProblems(file: string, document: TemplateNode, environment: Environment): string[] {
  try {
    return [...expressionsIn(document)].flatMap((found) => {
      const problem = expressionProblem(environment, found);
      return problem === undefined ? [] : [`${file}: ${found.place}: \${ ${shorten(found.expression)} }: ${problem}`];
    });
  } catch (error) {
    if (error instanceof KthenaError) return [`${file}: ${error.message}`];
    throw error;
  }
}
