import { KthenaError } from '../errors.js';
import { markOf, overlay, placeAt, placedAt } from './place.js';
import type { PlacedValues, PlaceNode } from './place.js';
import { formatPath, isMap, setOwn, valueAt } from './value.js';
import type { Value } from './value.js';

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

/** An old switch for cert-manager that the user set. */
interface Switch {
  readonly path: Keys;
  readonly place: string;
  readonly enabled: boolean;
}

/**
 * Replaces the spellings of earlier releases by today's, with a warning for each that names its place and the new spelling.
 *
 * @throws KthenaError `values` where an old spelling and the new one, or two old ones, say different things
 */
export function convertObsolete(placed: PlacedValues): { placed: PlacedValues; warnings: string[] } {
  const warnings: string[] = [];
  let result = convertCertManager(placed, warnings);
  for (const { path, reason } of IGNORED) {
    if (valueAt(placed.values, path) === undefined) continue;
    warnings.push(`${placeOf(path, placed)}: ${formatPath(path)} is ignored: ${reason}`);
    result = without(result, path);
  }
  return { placed: result, warnings };
}

function convertCertManager(placed: PlacedValues, warnings: string[]): PlacedValues {
  const switches = switchesIn(placed);
  const mode = modeFor(switches, placed);
  let result = SWITCHES.reduce((rest, name) => without(rest, [...CERT_MANAGER, name]), placed);
  const left = valueAt(result.values, CERT_MANAGER);
  if (isMap(left) && Object.keys(left).length === 0) result = without(result, CERT_MANAGER);
  for (const { path, place } of switches) {
    warnings.push(`${place}: ${formatPath(path)} is obsolete: write ${formatPath(MODE)}: ${mode}`);
    if (isUnset(valueAt(result.values, MODE))) {
      result = overlay(result, placedAt({ global: { certManagementMode: mode } }, markOf(place)));
    }
  }
  return result;
}

function switchesIn(placed: PlacedValues): Switch[] {
  return SWITCHES.flatMap((name) => {
    const path = [...CERT_MANAGER, name];
    const enabled = valueAt(placed.values, path);
    if (isUnset(enabled)) return [];
    const place = placeOf(path, placed);
    if (typeof enabled === 'boolean') return [{ path, place, enabled }];
    throw new KthenaError('values', `${place}: ${formatPath(path)} must be true or false`, {
      hint: `It is an obsolete spelling; write ${formatPath(MODE)}: auto, cert-manager or manual instead.`,
    });
  });
}

/** The mode the switches stand for; what the user chose under the new name stays where they agree with it. */
function modeFor(switches: readonly Switch[], placed: PlacedValues): string {
  const enabled = switches[0]?.enabled === true;
  const chosen = valueAt(placed.values, MODE);
  for (const { path, place, enabled: other } of switches) {
    const against = MODES.includes(chosen) && (chosen === 'cert-manager') !== other;
    if (!against && other === enabled) continue;
    const contrary = against
      ? `${formatPath(MODE)} is ${String(chosen)} (set at ${placeOf(MODE, placed)})`
      : `another old spelling of it is ${enabled}`;
    throw new KthenaError('values', `${place}: ${formatPath(path)} is ${other}, but ${contrary}`, {
      hint: `Keep ${formatPath(MODE)} alone: the other spelling is obsolete.`,
    });
  }
  if (typeof chosen === 'string') return chosen;
  if (enabled) return 'cert-manager';
  const caBundle = valueAt(placed.values, CA_BUNDLE);
  return typeof caBundle === 'string' && caBundle !== '' ? 'manual' : 'auto';
}

function isUnset(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

function placeOf(path: Keys, placed: PlacedValues): string {
  return placeAt(placed, path) ?? 'values';
}

function without(placed: PlacedValues, [key, ...rest]: Keys): PlacedValues {
  if (key === undefined || !Object.hasOwn(placed.values, key)) return placed;
  const values = { ...placed.values };
  const places = new Map(placed.places);
  const inner = values[key];
  const node: PlaceNode | undefined = places.get(key);
  if (rest.length === 0) {
    delete values[key];
    places.delete(key);
    return { values, places };
  }
  if (!isMap(inner)) return placed;
  const result = without({ values: inner, places: node?.items ?? new Map() }, rest);
  setOwn(values, key, result.values);
  if (node !== undefined) places.set(key, { ...node, items: result.places });
  return { values, places };
}
