const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]?|[KMGTPE]i)|[eE]([+-]?\d{1,3}))$/;

const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_EXPONENTS: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/** The API server keeps nothing finer than a billionth and rounds up to it. */
const SCALE = 9;

/**
 * A Kubernetes quantity (`500m`, `0.5`, `1e3`, `512Mi`) in billionths, exact; undefined where the text is none.
 * Format: apimachinery, pkg/api/resource. Exponents have at most three digits here: no real amount needs more.
 */
export function parseQuantity(text: string): bigint | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const binary = BINARY_EXPONENTS[suffix];
  const power = binary === undefined ? Number(exponent ?? DECIMAL_EXPONENTS[suffix]) : 0;
  const amount = shiftDecimal(binary === undefined ? digits : digits << binary, power - fraction.length + SCALE);
  return sign === '-' ? -amount : amount;
}

/** `amount` × 10^`power`, rounded away from zero. */
function shiftDecimal(amount: bigint, power: number): bigint {
  if (power >= 0) return amount * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (amount + divisor - 1n) / divisor;
}
