import { KthenaError } from '../errors.js';
import { markOf, overlay, placeAt, placedAt } from './place.js';
import type { PlacedValues, PlaceNode } from './place.js';
import { formatPath, getOwn, isMap, setOwn, valueAt } from './value.js';
import type { Value, Values } from './value.js';

type Keys = readonly string[];

/** Values of earlier releases that no longer do anything. */
const IGNORED: readonly { path: Keys; reason: string }[] = [
  {
    path: ['networking', 'webhook'],
    reason: 'the webhook is part of the router now and set up under networking.kthenaRouter.webhook',
  },
  { path: ['registry'], reason: 'Kthena no longer has that component' },
];

const MODE: Keys = ['global', 'certManagementMode'];
const MODES: readonly unknown[] = ['auto', 'cert-manager', 'manual'];
const CA_BUNDLE: Keys = ['global', 'webhook', 'caBundle'];
const CERT_MANAGER: Keys = ['global', 'certManager'];
const SWITCHES = ['enabled', 'enable'];

/**
 * Replaces the spellings of earlier releases by today's, with a warning for each that names its place and the new spelling.
 *
 * @throws KthenaError `values` where an old spelling and the new one, or two old ones, say different things
 */
export function convertObsolete(placed: PlacedValues): { placed: PlacedValues; warnings: string[] } {
  const warnings: string[] = [];
  let result = convertCertManager(placed, warnings);
  for (const { path, reason } of IGNORED) {
    if (valueAt(result.values, path) === undefined) continue;
    warnings.push(`${at(placed, path)}${formatPath(path)} is ignored: ${reason}`);
    result = without(result, path);
  }
  return { placed: result, warnings };
}

function convertCertManager(placed: PlacedValues, warnings: string[]): PlacedValues {
  const old = valueAt(placed.values, CERT_MANAGER);
  if (!isMap(old)) return placed;
  let result = placed;
  const wanted: { path: Keys; enabled: boolean }[] = [];
  for (const name of SWITCHES) {
    const enabled = getOwn(old, name);
    if (enabled === undefined) continue;
    const path = [...CERT_MANAGER, name];
    result = without(result, path);
    if (enabled !== null) wanted.push({ path, enabled: asSwitch(enabled, path, placed) });
  }
  if (Object.keys((valueAt(result.values, CERT_MANAGER) as Values | undefined) ?? {}).length === 0) {
    result = without(result, CERT_MANAGER);
  }
  for (const { path, enabled } of wanted) {
    const mode = modeFor(enabled, path, placed, wanted);
    const place = at(placed, path);
    warnings.push(`${place}${formatPath(path)} is obsolete: write ${formatPath(MODE)}: ${mode}`);
    result = overlay(result, placedAt({ global: { certManagementMode: mode } }, markOf(place.replace(/: $/, ''))));
  }
  return result;
}

/** The mode an old switch stands for; what the user chose under the new name stays where the two agree. */
function modeFor(enabled: boolean, path: Keys, placed: PlacedValues, wanted: readonly { enabled: boolean }[]): string {
  const chosen = valueAt(placed.values, MODE);
  const disagrees = MODES.includes(chosen) && (chosen === 'cert-manager') !== enabled;
  if (disagrees || wanted.some((other) => other.enabled !== enabled)) {
    const other = disagrees
      ? `${formatPath(MODE)} is ${String(chosen)}`
      : 'global.certManager says both true and false';
    throw new KthenaError('values', `${at(placed, path)}${formatPath(path)} is ${enabled}, but ${other}`, {
      hint: `Keep ${formatPath(MODE)} alone: the other spelling is obsolete.`,
    });
  }
  if (typeof chosen === 'string') return chosen;
  if (enabled) return 'cert-manager';
  const caBundle = valueAt(placed.values, CA_BUNDLE);
  return typeof caBundle === 'string' && caBundle !== '' ? 'manual' : 'auto';
}

function asSwitch(value: Value, path: Keys, placed: PlacedValues): boolean {
  if (typeof value === 'boolean') return value;
  throw new KthenaError('values', `${at(placed, path)}${formatPath(path)} must be true or false`, {
    hint: `It is an obsolete spelling; write ${formatPath(MODE)}: auto, cert-manager or manual instead.`,
  });
}

function at(placed: PlacedValues, path: Keys): string {
  const place = placeAt(placed, path);
  return place === undefined ? '' : `${place}: `;
}

function without(placed: PlacedValues, [key, ...rest]: Keys): PlacedValues {
  if (key === undefined || !Object.hasOwn(placed.values, key)) return placed;
  const values = { ...placed.values };
  const places = new Map(placed.places);
  const inner = values[key];
  const node: PlaceNode | undefined = places.get(key);
  if (rest.length === 0 || !isMap(inner)) {
    delete values[key];
    places.delete(key);
    return { values, places };
  }
  const result = without({ values: inner, places: node?.items ?? new Map() }, rest);
  setOwn(values, key, result.values);
  if (node !== undefined) places.set(key, { ...node, items: result.places });
  return { values, places };
}
