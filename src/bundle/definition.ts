import { valid } from 'semver';
import { KthenaError } from '../errors.js';
import { isMap } from '../values/value.js';
import type { BundleDefinition, Component } from './bundle.js';
import { checkFormat } from './format.js';

/** `bundle.yaml`: as BundleDefinition, but a component names a folder of templates instead of holding them. */
export type BundleFile = Omit<BundleDefinition, 'components'> & { components: Omit<Component, 'templates'>[] };

export const DEFINITION = 'manifests/bundle.yaml';

/** The folders beside those of the components. */
const RESERVED = ['crds'];
const COMPONENT = /^[a-z](?:[-a-z0-9]{0,30}[a-z0-9])?$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const VALUE_PATH = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;
/** What a label may hold, since templates put it into labels. */
const APP_VERSION = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const KIND = /^(?:[a-z0-9][-a-z0-9.]{0,252}\/)?v[0-9][a-z0-9]{0,20}\/[A-Z][A-Za-z0-9]{0,62}$/;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export function isVersion(value: unknown): boolean {
  return typeof value === 'string' && valid(value) === value;
}

export function isAppVersion(value: unknown): boolean {
  return typeof value === 'string' && APP_VERSION.test(value);
}

type Check = (value: unknown) => string | undefined;

/** By key: what is wrong with its value, as the end of a sentence about the key. */
const REQUIRED: Readonly<Record<keyof Omit<BundleFile, 'images'>, Check>> = {
  format: () => undefined,
  minimumVersion: () => undefined,
  name: (value) => (value === 'kthena' ? undefined : 'must be kthena'),
  version: (value) => (isVersion(value) ? undefined : 'must be a version such as 1.2.0'),
  appVersion: (value) =>
    isAppVersion(value) ? undefined : 'must be a version such as 1.2.0, in quotes where YAML takes it for a number',
  aliases: mapOf(IDENTIFIER, text(VALUE_PATH, 'must be paths of values such as networking.kthenaRouter')),
  variables: mapOf(IDENTIFIER, () => undefined),
  kinds: listOf(text(KIND, 'must be kinds such as apps/v1/Deployment'), 1),
  components: listOf(componentProblem, 1),
  rules: listOf(ruleProblem, 0),
};

const KEYS: Readonly<Record<string, Check>> = { ...REQUIRED, images: listOf(imageProblem, 0) };

/**
 * The contents of `bundle.yaml`, found to be in their form.
 *
 * @param lineOf the line on which a top-level key stands, for messages
 * @throws KthenaError `bundle`
 */
export function checkDefinition(content: unknown, lineOf: (key: string) => number | undefined): BundleFile {
  if (!isMap(content)) throw new KthenaError('bundle', `${DEFINITION}: it must be a map`);
  checkFormat(content, DEFINITION);
  for (const [key, value] of Object.entries(content)) {
    const place = `${DEFINITION}:${lineOf(key) ?? 1}`;
    if (!Object.hasOwn(KEYS, key)) throw new KthenaError('bundle', `${place}: unknown key ${JSON.stringify(key)}`);
    const problem = KEYS[key]!(value);
    if (problem !== undefined) throw new KthenaError('bundle', `${place}: ${key}: ${problem}`);
  }
  const missing = Object.keys(REQUIRED).find((key) => !Object.hasOwn(content, key));
  if (missing !== undefined) throw new KthenaError('bundle', `${DEFINITION}: ${missing} is missing`);
  const file = content as unknown as BundleFile;
  checkUnique(
    file.components.map(({ name }) => name),
    'component',
  );
  checkUnique(file.kinds, 'kind');
  checkUnique([...Object.keys(file.aliases), ...Object.keys(file.variables)], 'alias or variable');
  return file;
}

function checkUnique(names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new KthenaError('bundle', `${DEFINITION}: ${what} ${twice} is there twice`);
}

function componentProblem(value: unknown): string | undefined {
  if (!isMap(value)) return 'must be maps';
  const { name, enabled, crds, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) return `a component has no key ${JSON.stringify(other)}`;
  if (typeof name !== 'string' || !COMPONENT.test(name) || RESERVED.includes(name))
    return `${JSON.stringify(name ?? null)} is not the name of a component`;
  if (typeof enabled !== 'string') return `enabled of ${name} must be an expression`;
  return listOf(text(/^[a-z0-9.-]{1,253}$/, `crds of ${name} must be names of CRDs`), 0)(crds);
}

function imageProblem(value: unknown): string | undefined {
  if (!isMap(value)) return 'must be maps';
  const { configMap, key, value: path, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) return `an image has no key ${JSON.stringify(other)}`;
  if (typeof path !== 'string' || !VALUE_PATH.test(path)) return 'value of an image must be the path of a value';
  const isNamed = [configMap, key].every((name) => typeof name === 'string' && /^[-._a-zA-Z0-9]{1,253}$/.test(name));
  return isNamed ? undefined : 'configMap and key of an image must be names';
}

function ruleProblem(value: unknown): string | undefined {
  if (!isMap(value)) return 'must be maps';
  const { expect, message, values, severity, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) return `a rule has no key ${JSON.stringify(other)}`;
  if (typeof expect !== 'string') return 'expect of a rule must be an expression';
  if (typeof message !== 'string' || message.length > 1000 || CONTROL.test(message))
    return 'message of a rule must be a text of one line';
  if (severity !== 'error' && severity !== 'warning') return 'severity of a rule must be error or warning';
  return listOf(text(VALUE_PATH, 'values of a rule must be paths of values'), 1)(values);
}

function text(pattern: RegExp, problem: string): Check {
  return (value) => (typeof value === 'string' && value.length < 1000 && pattern.test(value) ? undefined : problem);
}

function listOf(item: Check, least: number): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length < least) return 'must be a list with something in it';
    return value.map(item).find((problem) => problem !== undefined);
  };
}

function mapOf(key: RegExp, item: Check): Check {
  return (value) => {
    if (!isMap(value)) return 'must be a map';
    const name = Object.keys(value).find((one) => !key.test(one));
    if (name !== undefined) return `${JSON.stringify(name)} cannot be a name in expressions`;
    return Object.values(value)
      .map(item)
      .find((problem) => problem !== undefined);
  };
}
