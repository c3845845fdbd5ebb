import { KthenaError } from '../../errors.js';
import type { KubeObject } from '../../kube/object.js';
import { readCrd, schemaOf, type Schema } from '../compare/crd.js';
import { schemaChecker } from './compile.js';
import { duplicateFinder } from './duplicates.js';
import { embeddedResourceChecker } from './embedded.js';
import { placeOf, type Steps } from './place.js';
import type { ResourceProblem, Unchecked } from './problem.js';
import { readerFor } from './read-as.js';
import { ruleChecker } from './rules.js';
import { scaleProblems } from './scale.js';

/** Says what a CRD would do to a stored resource, in the order of paths; nothing where it stays as it is and valid. */
export interface ResourceCheck {
  (resource: KubeObject): ResourceProblem[];
  /**
   * What the check leaves out, each named once. A rule that turns out to be beyond it during a check is added then: read
   * the list afterwards.
   */
  readonly unchecked: readonly Unchecked[];
}

/**
 * Prepares a check of stored resources against a CRD that is not in the cluster yet.
 *
 * The API server's dry run cannot give this answer: it validates against the schema it serves, not against one to come. Hence
 * the schema is compiled here, with ajv, and what the server does around the validation is done as well: dropping of unknown
 * fields, defaults, keys of lists, CEL rules, the scale subresource.
 *
 * The resource is judged as it is read today. What today's CRD fills in as a default counts as there, although it need not be
 * stored; what today's CRD does not show, counts as gone already. The standard metadata is not looked at: no CRD changes its rules.
 *
 * Each check stands alone and keeps nothing, so any number of resources can go through.
 *
 * @param version in which the resources are given, which must be one of the CRD's
 * @throws KthenaError `bundle` where the CRD is not one, or has no such version
 */
export async function createResourceCheck(crd: KubeObject, version: string): Promise<ResourceCheck> {
  const { name, spec } = readCrd(crd);
  const wanted = spec.versions.find((each) => each.name === version);
  if (wanted === undefined) {
    throw new KthenaError('bundle', `CustomResourceDefinition/${name} has no version ${version}`, {
      hint: `Its versions are ${spec.versions.map((each) => each.name).join(', ')}: resources can be checked in one of these.`,
    });
  }
  const schema = schemaOf(wanted);
  const unchecked: Unchecked[] = [];
  const read = readerFor(schema, spec.preserveUnknownFields);
  const violations = await schemaChecker(schema, unchecked);
  const brokenRules = await ruleChecker(schema, unchecked);
  const duplicates = duplicateFinder(schema);
  const embedded = embeddedResourceChecker(schema);

  const check = (resource: KubeObject): ResourceProblem[] => {
    const { value, dropped } = read(resource);
    return [
      ...dropped.map((steps) => droppedField(steps, schema)),
      ...violations(value).map(({ steps, judged, message }) => invalid(steps, judged, message, schema)),
      ...duplicates(value).map(({ steps, message }) => unforgiven(placeOf(steps, schema).path, message, true)),
      ...embedded(value).map(({ steps, message }) => unforgiven(placeOf(steps, schema).path, message, false)),
      ...scaleProblems(value, wanted.subresources?.scale).map(({ path, message }) => unforgiven(path, message, false)),
      ...brokenRules(value).map(({ steps, fieldPath, message, failed }) => {
        const problem = invalid(steps, steps, message, schema);
        const path = `${problem.path}${fieldPath}`;
        return failed ? unforgiven(path, message, false) : { ...problem, path };
      }),
    ].sort(byPath);
  };
  return Object.assign(check, { unchecked });
}

function droppedField(steps: Steps, schema: Schema): ResourceProblem {
  return { path: placeOf(steps, schema).path, problem: 'dropped', message: 'unknown field', ratchets: false };
}

/** The resource as a whole is compared with all its metadata, and hardly an update leaves all of that as it was. */
function invalid(steps: Steps, judged: Steps, message: string, schema: Schema): ResourceProblem {
  const { comparedPart } = placeOf(judged, schema);
  const problem = { path: placeOf(steps, schema).path, problem: 'invalid' as const, message };
  return comparedPart === ''
    ? { ...problem, ratchets: false }
    : { ...problem, ratchets: true, unchangedPart: comparedPart };
}

function unforgiven(path: string, message: string, ratchets: boolean): ResourceProblem {
  return { path, problem: 'invalid', message, ratchets };
}

const collator = new Intl.Collator('en', { numeric: true });

function byPath(a: ResourceProblem, b: ResourceProblem): number {
  return collator.compare(a.path, b.path);
}
