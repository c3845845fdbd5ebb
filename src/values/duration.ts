const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const DURATION = /^[-+]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /([0-9]*\.?[0-9]*)(ns|us|µs|μs|ms|s|m|h)/g;

/** The largest duration Go can hold: 2^63 nanoseconds, some 292 years. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/**
 * Seconds of a duration as Go writes it: `1h30m`, `1.5s`, `-200ms`, and `0` without a unit.
 *
 * @returns `undefined` for anything else and for what Go cannot hold
 */
export function goDurationSeconds(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!DURATION.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(PART)) seconds += Number(amount) * (UNITS[unit ?? ''] ?? NaN);
  if (!(seconds < MAX_SECONDS)) return undefined;
  return text.startsWith('-') ? -seconds : seconds;
}
