import type { Bundle } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { nameFindings } from '../lint/names.js';
import { parseSchemas } from '../lint/load.js';
import { structureFindings } from '../lint/structure.js';
import type { ObjectSchemas } from '../lint/schema.js';
import type { UserValues } from '../values/read.js';
import type { Values } from '../values/value.js';
import { bundleProblems } from '../render/check.js';
import { render, type RenderedObject } from '../render/render.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { checkCaBundle } from './ca-bundle.js';
import { formatFinding, resolveValues, type PrepareRequest } from './prepare.js';

export interface LintFinding {
  severity: 'error' | 'warning';
  /** What it is about: a template, or `values`. */
  source: string;
  message: string;
}

/**
 * Everything that can be found wrong without a cluster: values against schema and rules, every expression of every template
 * compiled and type-checked, and the objects that these values make against the schemas of Kubernetes.
 */
export async function lint(bundle: Bundle, request: PrepareRequest): Promise<LintFinding[]> {
  const { user, values, findings, warnings } = await resolveValues(bundle, request);
  const compiled = bundleProblems(bundle).map((message) => error('bundle', message));
  const found: LintFinding[] = [
    ...findings.map((finding) => error('values', formatFinding(finding))),
    ...warnings.map((message): LintFinding => ({ severity: 'warning', source: 'values', message })),
    ...caBundleFindings(values, user),
    ...compiled,
  ];
  if (findings.length > 0 || compiled.length > 0) return found;
  return [...found, ...(await renderedFindings(bundle, values, request.release))];
}

function caBundleFindings(values: Values, user: UserValues): LintFinding[] {
  try {
    checkCaBundle({ values, user });
    return [];
  } catch (problem) {
    // Templates need no real certificate; an install does, and refuses it.
    if (problem instanceof KthenaError) return [{ severity: 'warning', source: 'values', message: problem.message }];
    throw problem;
  }
}

async function renderedFindings(
  bundle: Bundle,
  values: Record<string, unknown>,
  release: ReleaseIdentity,
): Promise<LintFinding[]> {
  let objects: RenderedObject[];
  try {
    ({ objects } = render(bundle, values, release));
  } catch (problem) {
    if (problem instanceof KthenaError) return [error('bundle', problem.message)];
    throw problem;
  }
  const schemas = parseSchemas(await bundle.objectSchemas());
  return objects.flatMap((rendered) => objectFindings(rendered, schemas));
}

function objectFindings({ source, object }: RenderedObject, schemas: ObjectSchemas): LintFinding[] {
  return [...structureFindings(object, schemas), ...nameFindings(object)].map(({ severity, ref, path, message }) => ({
    severity,
    source,
    message: path === '' ? `${ref}: ${message}` : `${ref}: ${path}: ${message}`,
  }));
}

function error(source: string, message: string): LintFinding {
  return { severity: 'error', source, message };
}
