import type { ByteSource } from '../bounded-read.js';
import type { Bundle } from '../bundle/bundle.js';
import { loadBundle, type LoadedBundle } from '../bundle/load.js';
import { DEFAULTS } from '../bundle/parse.js';
import { KthenaError } from '../errors.js';
import { bundleProblems } from '../render/check.js';
import { brokenRules } from '../render/rules.js';
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
  return namingBundle(reference, async () => {
    const loaded = await loadBundle(reference, stdin);
    checkExpressions(loaded.bundle);
    await checkDefaults(loaded.bundle);
    return loaded;
  });
}

/** Puts the name of the bundle before the message of what is wrong with it. */
async function namingBundle<T>(reference: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof KthenaError) || error.code !== 'bundle') throw error;
    const { code, message, details, hint } = error;
    const name = reference === '-' ? 'stdin' : reference;
    throw new KthenaError(code, `${name}: ${message}`, { details, hint, cause: error });
  }
}

function checkExpressions(bundle: Bundle): void {
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
    throw new KthenaError('bundle', `the bundle has more than ${MAX_EXPRESSIONS} expressions`);
  const problems = bundleProblems(bundle);
  if (problems.length === 0) return;
  throw new KthenaError('bundle', 'the templates do not compile', {
    details: problems,
    hint: 'docs/templates.md says what a template may use.',
  });
}

/** What a user did not set is not checked later: that the defaults are valid is known of the built-in bundle only. */
async function checkDefaults(bundle: Bundle): Promise<void> {
  const defaults = bundle.defaults as Values;
  const none: UserValues = { values: {}, warnings: [], placeOf: () => undefined };
  const spec = { defaults, schema: bundle.schema, validate: await bundle.validator() };
  const { findings } = checkValues(defaults, spec, none, { skipSchemaValidation: false });
  const broken =
    findings.length > 0 ? [] : brokenRules(bundle, defaults).filter(({ severity }) => severity === 'error');
  const details = [...findings.map(formatFinding), ...broken.map(({ message }) => message)];
  if (details.length === 0) return;
  throw new KthenaError('bundle', `${DEFAULTS}: the defaults are not valid`, { details });
}
