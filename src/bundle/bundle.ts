import type { ValidateFunction } from 'ajv';
import type { KubeObject } from '../kube/object.js';

/** JSON as a template holds it: strings may contain `${ expression }`. */
export type TemplateNode = null | boolean | number | string | TemplateNode[] | { [key: string]: TemplateNode };

export interface Template {
  /** Path inside the bundle: `manifests/networking/deployment.yaml`; it stands in every `# Source:` line. */
  path: string;
  documents: TemplateNode[];
}

export interface Component {
  name: string;
  /** CEL expression: whether the values switch this component on. */
  enabled: string;
  /** Names of the CRDs this component serves: `<plural>.<group>`. */
  crds: string[];
  templates: Template[];
}

/** A condition between values that a JSON schema cannot say. */
export interface Rule {
  /** CEL expression that is true where the values are in order. */
  expect: string;
  message: string;
  /** The values it speaks of, as dotted paths: where the user set one of them is the place that is reported. */
  values: string[];
  severity: 'error' | 'warning';
}

/** An image that the controllers start later: the key of a ConfigMap that names it, and the value that the name comes from. */
export interface LaterImage {
  configMap: string;
  key: string;
  value: string;
}

export interface BundleDefinition {
  /** Version of the form of bundles; see `FORMAT`. */
  format: number;
  /** The oldest version of this tool that can use it. */
  minimumVersion: string;
  name: string;
  /** Version of the bundle (Helm's chart version). */
  version: string;
  /** Version of Kthena that it installs. */
  appVersion: string;
  /** Short names for places in the values, for use in expressions: `router: networking.kthenaRouter`. */
  aliases: Record<string, string>;
  /** Pieces that several templates share; each may use those before it. */
  variables: Record<string, TemplateNode>;
  /** The kinds its templates may make, as `apps/v1/Deployment`: what they make otherwise is refused. */
  kinds: string[];
  components: Component[];
  images?: LaterImage[];
  rules: Rule[];
}

export interface CrdFile {
  /** Path inside the bundle: `crds/<group>_<plural>.yaml`. */
  path: string;
  object: KubeObject;
}

export interface JsonSchema {
  [keyword: string]: unknown;
}
export type JsonObject = Record<string, unknown>;

/** What one version of Kthena is made of. Everything heavy is read when it is first asked for. */
export interface Bundle extends BundleDefinition {
  /** True where it came with this tool: others are not trusted, and the work of their expressions is bounded. */
  isBuiltIn: boolean;
  defaults: JsonObject;
  /** `values.yaml` as it is written, comments included. */
  defaultsText: string;
  schema: JsonSchema;
  crds(): Promise<CrdFile[]>;
  /** Schemas of the kinds of Kubernetes that the templates use, for lint. */
  objectSchemas(): Promise<unknown>;
  /** The values' schema, compiled. */
  validator(): Promise<ValidateFunction>;
  /** The CRD files as they are written, by path. */
  crdTexts(): Promise<Map<string, string>>;
}
