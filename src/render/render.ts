import type { Bundle, Component, Template, TemplateNode } from '../bundle/bundle.js';
import { KthenaError } from '../errors.js';
import { compareInstallKinds } from '../kube/kind-order.js';
import type { KubeObject } from '../kube/object.js';
import { bareScope, evaluateIn, type ReleaseIdentity, type Scope } from './scope.js';
import { evaluateTemplate } from './template.js';

export interface RenderedObject {
  /** The template it came from: a path inside the bundle. */
  source: string;
  object: KubeObject;
}

export interface Rendering {
  /** In the order in which they are to be created. */
  objects: RenderedObject[];
  /** Names of the CRDs of the components that are switched on. */
  crds: string[];
}

/**
 * The scope of a bundle's rules and templates, its shared variables included.
 *
 * @throws KthenaError `render` where a variable cannot be evaluated
 */
export function createScope(bundle: Bundle, values: Record<string, unknown>, release: ReleaseIdentity): Scope {
  const scope = bareScope(bundle, values, release);
  for (const [name, node] of Object.entries(bundle.variables)) {
    scope.environment.registerVariable(name, 'dyn');
    scope.context[name] = inFile(`variable ${name}`, () => evaluateTemplate(node, scope)) ?? {};
  }
  return scope;
}

/**
 * Templates and values to objects: the same input always gives the same output, to the byte.
 *
 * @param values the effective values, already found valid
 * @throws KthenaError `render` naming the template and the place in it, `bundle` for an object of a kind that is not declared
 */
export function render(bundle: Bundle, values: Record<string, unknown>, release: ReleaseIdentity): Rendering {
  const scope = createScope(bundle, values, release);
  const kinds = new Set(bundle.kinds);
  const enabled = bundle.components.filter((component) => isEnabled(component, scope));
  const objects = enabled.flatMap((component) =>
    component.templates.flatMap((template) => renderTemplate(template, scope, kinds)),
  );
  return {
    objects: objects.sort((a, b) => compareInstallKinds(a.object.kind, b.object.kind)),
    crds: enabled.flatMap((component) => component.crds),
  };
}

/** Names of the CRDs of the components that these values switch on. */
export function crdsFor(bundle: Bundle, values: Record<string, unknown>, release: ReleaseIdentity): string[] {
  const scope = createScope(bundle, values, release);
  return bundle.components.flatMap((component) => (isEnabled(component, scope) ? component.crds : []));
}

function isEnabled(component: Component, scope: Scope): boolean {
  return inFile(`component ${component.name}`, () => evaluateIn(scope, component.enabled)) === true;
}

function renderTemplate(template: Template, scope: Scope, kinds: ReadonlySet<string>): RenderedObject[] {
  return inFile(template.path, () =>
    template.documents.flatMap((document: TemplateNode) => {
      const object = evaluateTemplate(document, scope);
      if (object === undefined || object === null) return [];
      checkKind(object, kinds);
      return [{ source: template.path, object }];
    }),
  );
}

/** What a bundle makes can be read in its list of kinds, whatever its templates say. */
function checkKind(object: unknown, kinds: ReadonlySet<string>): asserts object is KubeObject {
  const { apiVersion, kind, metadata } = object as {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown };
  };
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string')
    throw new KthenaError('render', 'it makes no object: apiVersion, kind or metadata.name are missing');
  if (kinds.has(`${apiVersion}/${kind}`)) return;
  throw new KthenaError('bundle', `it makes a ${kind} of ${apiVersion}, a kind that the bundle does not declare`, {
    hint: 'The kinds stand in manifests/bundle.yaml.',
  });
}

/** Puts the name of the file before the message of what fails inside. */
function inFile<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KthenaError)) throw error;
    throw new KthenaError(error.code, `${name}: ${error.message}`, { ...error, cause: error });
  }
}
