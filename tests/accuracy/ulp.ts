// Errors in units in the last place: the distance of two neighbours at the exact value, that of the subnormal numbers below them.
// What overflows counts as the power of two that is one past the largest number, so that a bound means the same everywhere.

const words = new Float64Array(1);
const bits = new Uint32Array(words.buffer);

/** The exponent of a double: that of subnormal ones is taken for the least. */
function exponent(x: number): number {
  words[0] = x;
  return ((bits[1]! >>> 20) & 0x7ff) - 1023;
}

/** What is no number must be none, and exact infinities and zeros what they are; anything else counts as infinitely wrong. */
function special(found: number, exact: number): number | undefined {
  if (Number.isNaN(exact)) return Number.isNaN(found) ? 0 : Number.POSITIVE_INFINITY;
  if (Number.isNaN(found)) return Number.POSITIVE_INFINITY;
  if (found === exact) return 0;
  return undefined;
}

const overflow = 2 ** 128;

/** Of an f32, against a double. */
export function ulpsOfSingle(found: number, exact: number): number {
  const known = special(found, exact);
  if (known !== undefined) return known;
  const a = Math.abs(exact);
  const unit = 2 ** (Math.min(Math.max(exponent(a), -126), 127) - 23);
  const reached = Number.isFinite(found) ? found : found * 0 !== 0 ? Math.sign(found) * overflow : found;
  const wanted = a < overflow ? exact : Math.sign(exact) * overflow;
  return Math.abs(reached - wanted) / unit;
}

/** Of an f64, against the nearest double and how far the exact value is from it in units in its last place. */
export function ulpsOfDouble(found: number, nearest: number, rest: number): number {
  if (Number.isNaN(nearest) || Number.isNaN(found)) return special(found, nearest) ?? 0;
  // One power of two down, so that the one past the largest has a place.
  if (!Number.isFinite(nearest) || !Number.isFinite(found)) {
    const half = (x: number): number => (Number.isFinite(x) ? x / 2 : Math.sign(x) * 2 ** 1023);
    const unit = 2 ** 970;
    // Past the end, an infinity is as good as can be.
    if (found === nearest) return 0;
    return Math.abs((half(found) - half(nearest)) / unit - rest);
  }
  const unit = 2 ** (Math.max(exponent(nearest), -1022) - 52);
  return Math.abs((found - nearest) / unit - rest);
}
