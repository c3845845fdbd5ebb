import { gt, valid } from 'semver';
import { KthenaError } from '../errors.js';
import { VERSION } from '../version.js';

/** The form of bundles that this tool writes, and the newest it reads. A key, a folder or a directive more makes a new one. */
export const FORMAT = 1;

/**
 * Refuses what this tool is too old for. It comes before every other check: what a newer form allows is no mistake.
 *
 * @param place the file that says it
 * @throws KthenaError `bundle`
 */
export function checkFormat(said: { format?: unknown; minimumVersion?: unknown }, place: string): void {
  const { format, minimumVersion } = said;
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1)
    throw new KthenaError('bundle', `${place}: format must be a whole number such as ${FORMAT}`);
  if (typeof minimumVersion !== 'string' || valid(minimumVersion) !== minimumVersion)
    throw new KthenaError('bundle', `${place}: minimumVersion must be a version such as 1.2.0`);
  // Run from its sources, the tool has no version, and counts as the newest.
  const isOlder = !VERSION.endsWith('-dev') && gt(minimumVersion, VERSION);
  if (format <= FORMAT && !isOlder) return;
  const reason =
    format > FORMAT
      ? `it has format ${format}, and this kthena (${VERSION}) reads formats up to ${FORMAT}`
      : `it needs kthena ${minimumVersion}, and this is ${VERSION}`;
  throw new KthenaError('bundle', `the bundle is too new: ${reason}`, {
    hint: `Use kthena ${minimumVersion} or newer.`,
  });
}
