import type { Bundle } from '../bundle/bundle.js';
import type { CheckedFiles, GivenCertificate } from '../certs/files.js';
import type { TlsFiles } from '../certs/tls-files.js';
import { KthenaError } from '../errors.js';
import { checkNamespace, checkReleaseName } from '../release/names.js';
import type { FilterCommand } from '../render/filter-process.js';
import type { PostRendered } from '../render/post-render.js';
import { render, type Rendering } from '../render/render.js';
import type { ReleaseIdentity } from '../render/scope.js';
import { brokenRules } from '../render/rules.js';
import { carriedValues, carryOver } from '../values/carry.js';
import { coerceNumbers } from '../values/coerce.js';
import { checkValues, type Finding } from '../values/validate.js';
import { mergeValues } from '../values/merge.js';
import { readUserValues, type UserValues, type ValueFlags } from '../values/read.js';
import { formatPath, type ValuePath, type Values } from '../values/value.js';

export interface PrepareRequest {
  release: ReleaseIdentity;
  values: ValueFlags;
  skipSchemaValidation: boolean;
  readStdin: () => Promise<string>;
  /** What the user set earlier and still wants. */
  earlier?: UserValues;
  /** Files with the webhooks' certificates, and the time to judge them by. */
  tls?: { files: TlsFiles; now: Date } | undefined;
  /** The program that has the last word on the objects. */
  postRenderer?: FilterCommand | undefined;
  /** Aborted, it ends the post-renderer. */
  signal?: AbortSignal;
}

export interface Prepared {
  user: UserValues;
  /** The part of the user's values that was set earlier. */
  carried: Values;
  /** Defaults and the user's values merged. */
  values: Values;
  rendering: Rendering;
  /** Those that were given as files, for the Secrets that are to hold them. */
  certificates: GivenCertificate[];
  warnings: string[];
}

/**
 * From flags to objects, without a cluster: reads the values, finds everything that is wrong with them, renders the templates,
 * lets the post-renderer have them, and examines certificate files for what the objects serve.
 *
 * @throws KthenaError `values` listing every violation with its place; `usage` for certificate files; what `postRender` throws
 */
export async function prepare(bundle: Bundle, request: PrepareRequest): Promise<Prepared> {
  checkReleaseName(request.release.name);
  checkNamespace(request.release.namespace);
  const { user, carried, values, findings, warnings } = await resolveValues(bundle, request);
  if (findings.length > 0) throw invalidValues(findings, warnings, wayOn(findings, request.earlier));
  const { objects, remarks, ...rendered } = await renderAll(bundle, values, request);
  const certificates = await certificatesFor(objects, request);
  return {
    user,
    carried,
    values,
    rendering: { ...rendered, objects },
    certificates: certificates.certificates,
    warnings: [...warnings, ...remarks, ...certificates.warnings],
  };
}

/** As the templates and the post-renderer make it. */
async function renderAll(
  bundle: Bundle,
  values: Values,
  request: PrepareRequest,
): Promise<Rendering & Pick<PostRendered, 'remarks'>> {
  const rendering = render(bundle, values, request.release);
  if (request.postRenderer === undefined) return { ...rendering, remarks: [] };
  return { ...rendering, ...(await postRendered(bundle, rendering, request.postRenderer, request)) };
}

async function certificatesFor(objects: Rendering['objects'], { release, tls }: PrepareRequest): Promise<CheckedFiles> {
  if (tls === undefined) return { certificates: [], warnings: [] };
  const [{ checkTlsFiles }, { servedWebhooks }] = await Promise.all([
    import('../certs/files.js'),
    import('../certs/serving.js'),
  ]);
  const all = objects.map(({ object }) => object);
  return checkTlsFiles(tls.files, servedWebhooks(all, release.namespace), tls.now);
}

async function postRendered(
  bundle: Bundle,
  { objects }: Rendering,
  filter: FilterCommand,
  { release, signal }: PrepareRequest,
): Promise<PostRendered> {
  const { postRender } = await import('../render/post-render.js');
  const result = await postRender(bundle, release, objects, { filter, signal });
  return { ...result, remarks: result.remarks.map((line) => `post-renderer: ${line}`) };
}

/** A value that was valid when it was set may not be so any more. */
function wayOn(findings: readonly Finding[], earlier: UserValues | undefined): string {
  const isEarlier = findings.some(({ path, place }) => place !== undefined && place === earlier?.placeOf(path));
  const leaveOut = 'To leave out a value that was set earlier, add --set <key>=null; --reset-values leaves out all. ';
  return (isEarlier ? leaveOut : '') + DESCRIPTION;
}

const DESCRIPTION = 'kthena values --schema describes every value, kthena values prints the defaults.';

export interface ResolvedValues {
  user: UserValues;
  carried: Values;
  values: Values;
  findings: Finding[];
  warnings: string[];
}

/** Reads and checks the values: what a schema can say, and the bundle's rules between values. */
export async function resolveValues(bundle: Bundle, request: Omit<PrepareRequest, 'release'>): Promise<ResolvedValues> {
  const { user, carried } = await userValuesOf(bundle, request);
  // The defaults are valid (a test says so), and checking them would take a fifth of the time of `kthena template`.
  if (Object.keys(user.values).length === 0) {
    return { user, carried, values: bundle.defaults as Values, findings: [], warnings: [...user.warnings] };
  }
  const values = mergeValues(bundle.defaults as Values, user.values);
  const spec = { defaults: bundle.defaults as Values, schema: bundle.schema, validate: await bundle.validator() };
  const { findings, warnings } = checkValues(values, spec, user, {
    skipSchemaValidation: request.skipSchemaValidation,
  });
  const rules = brokenRules(bundle, values).map(({ severity, message, values: paths }) => ({
    severity,
    finding: { path: paths[0]?.split('.') ?? [], place: firstPlace(paths, user), message },
  }));
  return {
    user,
    carried,
    values,
    findings: [...findings, ...rules.filter(({ severity }) => severity === 'error').map(({ finding }) => finding)],
    warnings: [
      ...user.warnings,
      ...warnings,
      ...rules.filter(({ severity }) => severity === 'warning').map(({ finding }) => finding.message),
    ],
  };
}

/** What the flags say, over what the user had set before. */
async function userValuesOf(
  bundle: Bundle,
  { values, readStdin, earlier, tls }: Pick<PrepareRequest, 'values' | 'readStdin' | 'earlier' | 'tls'>,
): Promise<{ user: UserValues; carried: Values }> {
  const read = await readUserValues(values, { readStdin });
  const isFromSet = (path: ValuePath): boolean => read.placeOf(path)?.startsWith('--set ') === true;
  const set: UserValues = {
    warnings: read.warnings,
    placeOf: (path) => read.placeOf(path),
    values: coerceNumbers(read.values, bundle.schema, isFromSet),
  };
  const given = tls === undefined ? set : (await import('./tls-values.js')).withTlsFiles(set, tls.files, earlier);
  if (earlier === undefined) return { user: given, carried: {} };
  return {
    user: carryOver(earlier, given, bundle.defaults as Values),
    carried: carriedValues(earlier, given),
  };
}

export function invalidValues(
  findings: readonly Finding[],
  warnings: readonly string[],
  hint: string = DESCRIPTION,
): KthenaError {
  const count = findings.length === 1 ? 'a value is' : `${findings.length} values are`;
  return new KthenaError('values', `${count} not valid`, {
    details: [...findings.map(formatFinding), ...warnings.map((warning) => `warning: ${warning}`)],
    hint,
  });
}

/** `values-dev.yaml:12:5: message`, or the message alone where no place is known. */
export function formatFinding({ path, place, message }: Finding): string {
  if (place === undefined) return message;
  // `--set a.b: a.b must be …` would say it twice.
  const name = formatPath(path);
  const repeated = place.endsWith(` ${name}`) && message.startsWith(`${name} `);
  return `${place}: ${repeated ? message.slice(name.length + 1) : message}`;
}

function firstPlace(paths: readonly string[], user: UserValues): string | undefined {
  for (const path of paths) {
    const place = user.placeOf(path.split('.'));
    if (place !== undefined) return place;
  }
  return undefined;
}
