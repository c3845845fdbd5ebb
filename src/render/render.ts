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
 * @throws KthenaError `render` naming the template and the place in it
 */
export function render(bundle: Bundle, values: Record<string, unknown>, release: ReleaseIdentity): Rendering {
  const scope = createScope(bundle, values, release);
  const enabled = bundle.components.filter((component) => isEnabled(component, scope));
  const objects = enabled.flatMap((component) =>
    component.templates.flatMap((template) => renderTemplate(template, scope)),
  );
  return {
    objects: objects.sort((a, b) => compareInstallKinds(a.object.kind, b.object.kind)),
    crds: enabled.flatMap((component) => component.crds),
  };
}

function isEnabled(component: Component, scope: Scope): boolean {
  return inFile(`component ${component.name}`, () => evaluateIn(scope, component.enabled)) === true;
}

function renderTemplate(template: Template, scope: Scope): RenderedObject[] {
  return inFile(template.path, () =>
    template.documents.flatMap((document: TemplateNode) => {
      const object = evaluateTemplate(document, scope);
      return object === undefined || object === null ? [] : [{ source: template.path, object: object as KubeObject }];
    }),
  );
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
