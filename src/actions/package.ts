import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../bounded-read.js';
import { sha256 } from '../bundle/archive/checksums.js';
import { loadBuiltInBundle, packageFolder } from '../bundle/built-in.js';
import type { Bundle } from '../bundle/bundle.js';
import { isAppVersion, isVersion } from '../bundle/definition.js';
import { readSourceFolder } from '../bundle/folder.js';
import { packBundle } from '../bundle/pack.js';
import type { BundleFiles } from '../bundle/parse.js';
import { KthenaError } from '../errors.js';
import { toYaml } from '../render/print.js';
import { holdsSecret, schemaAt } from '../values/schema.js';
import { formatPath, isMap, type Value, type Values } from '../values/value.js';
import { openBundle } from './open-bundle.js';
import { invalidValues, resolveValues, type PrepareRequest } from './prepare.js';

export interface PackageRequest extends Omit<PrepareRequest, 'release' | 'earlier' | 'skipSchemaValidation'> {
  /** What to package; undefined for the built-in bundle. */
  bundle: string | undefined;
  stdin: () => ByteSource;
  destination: string;
  version: string | undefined;
  appVersion: string | undefined;
}

export interface PackageResult {
  path: string;
  version: string;
  appVersion: string;
  /** SHA-256 of the archive. */
  digest: string;
  bytes: number;
  warnings: string[];
}

/**
 * Writes a bundle as an archive: the same input makes the same bytes on every machine. The values given become its defaults.
 *
 * @throws KthenaError `values` where they are not valid, `failed` where the file cannot be written
 */
export async function packageBundle(request: PackageRequest): Promise<PackageResult> {
  const { version, appVersion } = request;
  checkVersionFlag('--version', version, isVersion);
  checkVersionFlag('--app-version', appVersion, isAppVersion);
  await checkFolder(request.destination);
  const { bundle, files } = await sourceOf(request);
  const { user, values, findings, warnings } = await resolveValues(bundle, { ...request, skipSchemaValidation: false });
  if (findings.length > 0) throw invalidValues(findings, warnings);
  const isChanged = Object.keys(user.values).length > 0;
  const { definition, archive } = packBundle(files, {
    version,
    appVersion,
    defaultsText: isChanged ? DEFAULTS_COMMENT + toYaml(values) : undefined,
  });
  const path = join(request.destination, `${definition.name}-${definition.version}.tgz`);
  await writeWhole(path, archive);
  return {
    path,
    version: definition.version,
    appVersion: definition.appVersion,
    digest: sha256(archive),
    bytes: archive.length,
    warnings: [...warnings, ...secretsIn(user.values, bundle.schema)],
  };
}

const DEFAULTS_COMMENT = '# The defaults of this bundle. They were set when it was packaged.\n';

function checkVersionFlag(flag: string, value: string | undefined, isValid: (value: unknown) => boolean): void {
  if (value === undefined || isValid(value)) return;
  throw new KthenaError('usage', `${flag} ${value}: it must be a version such as 1.2.0`);
}

async function sourceOf({ bundle, stdin }: PackageRequest): Promise<{ bundle: Bundle; files: BundleFiles }> {
  if (bundle !== undefined) return openBundle(bundle, stdin);
  const files = await readSourceFolder(packageFolder());
  return {
    bundle: await loadBuiltInBundle(),
    files: new Map([...files].map(([path, data]) => [path, data.toString('utf8')])),
  };
}

/** Whoever can read the bundle can read its defaults. */
function secretsIn(values: Values, schema: Bundle['schema']): string[] {
  return leaves(values)
    .filter(({ path, value }) => value !== '' && value !== null && isSecret(schema, path))
    .map(
      ({ path }) => `${formatPath(path)} is a credential, and readable in the bundle; set it when you install instead`,
    );
}

function isSecret(schema: Bundle['schema'], path: readonly string[]): boolean {
  const inside = schemaAt(schema, path);
  return inside !== undefined && holdsSecret(inside);
}

function leaves(values: Values, above: readonly string[] = []): { path: string[]; value: Value }[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, key];
    return isMap(value) ? leaves(value, path) : [{ path, value }];
  });
}

/** Writes it beside its place and renames it: a run that is killed leaves no half of an archive there. */
async function writeWhole(path: string, data: Buffer): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(beside, 'wx', 0o644);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new KthenaError('failed', `${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new KthenaError('usage', `--destination ${folder}: there is no such folder`, { hint: `mkdir -p ${folder}` });
}
