import type { ByteSource } from '../bundle/archive/read-bytes.js';
import type { Bundle } from '../bundle/bundle.js';
import { loadBundle, type LoadedBundle } from '../bundle/load.js';
import { DEFAULTS } from '../bundle/parse.js';
import { KthenaError } from '../errors.js';
import { bundleProblems } from '../render/check.js';
import { expressionsIn } from '../render/template.js';
import { checkValues } from '../values/validate.js';
import type { UserValues } from '../values/read.js';
import type { Values } from '../values/value.js';
import { formatFinding } from './prepare.js';

/** Bounds what compiling them takes; Kthena's own has 600. */
const MAX_EXPRESSIONS = 4000;

/**
 * Loads a bundle from elsewhere and compiles everything in it, so that it is refused before a cluster is asked anything.
 *
 * @param reference path of an archive or folder, or `-` for standard input
 * @throws KthenaError `bundle`
 */
export async function openBundle(reference: string, stdin: () => ByteSource): Promise<LoadedBundle> {
  const loaded = await loadBundle(reference, stdin);
  const name = reference === '-' ? 'stdin' : reference;
  checkExpressions(name, loaded.bundle);
  await checkDefaults(name, loaded.bundle);
  return loaded;
}

function checkExpressions(name: string, bundle: Bundle): void {
  const nodes = [
    ...Object.values(bundle.variables),
    ...bundle.components.flatMap(({ templates }) => templates.flatMap(({ documents }) => documents)),
  ];
  let count = bundle.rules.length + bundle.components.length;
  try {
    for (const node of nodes) {
      for (const _ of expressionsIn(node)) if (++count > MAX_EXPRESSIONS) break;
    }
  } catch (error) {
    // What is wrong with a template is told below, with its file.
    if (!(error instanceof KthenaError)) throw error;
  }
  if (count > MAX_EXPRESSIONS)
    throw new KthenaError('bundle', `${name}: the bundle has more than ${MAX_EXPRESSIONS} expressions`);
  const problems = bundleProblems(bundle);
  if (problems.length === 0) return;
  throw new KthenaError('bundle', `${name}: the templates do not compile`, {
    details: problems,
    hint: 'docs/templates.md says what a template may use.',
  });
}

/** What a user did not set is not checked later: that the defaults are valid is known of the built-in bundle only. */
async function checkDefaults(name: string, bundle: Bundle): Promise<void> {
  const defaults = bundle.defaults as Values;
  const none: UserValues = { values: {}, warnings: [], placeOf: () => undefined };
  let validate;
  try {
    validate = await bundle.validator();
  } catch (error) {
    if (!(error instanceof KthenaError)) throw error;
    throw new KthenaError('bundle', `${name}: ${error.message}`, { hint: error.hint, cause: error });
  }
  const spec = { defaults, schema: bundle.schema, validate };
  const { findings } = checkValues(defaults, spec, none, { skipSchemaValidation: false });
  if (findings.length === 0) return;
  throw new KthenaError('bundle', `${name}: ${DEFAULTS}: the defaults are not valid`, {
    details: findings.map(formatFinding),
  });
}
