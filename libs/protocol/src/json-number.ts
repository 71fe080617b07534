/**
 * This many significant digits distinguish every double (IEEE 754) from its neighbours; a number with more digits says
 * more than a double can hold.
 */
const MAX_DIGITS = 17;

/** This many digits survive the conversion to a double and back, except near the limits of its range. */
const SAFE_DIGITS = 15;
const SAFE = { min: 1e-290, max: 1e290 };
const exponent = /[eE]/;

const parts = /^-?(?:0|([0-9]+))(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** A decimal number: its digits without leading and trailing zeros, and the power of ten of the last one. */
interface Decimal {
  digits: string;
  exponent: number;
}

/**
 * Whether a number in a JSON text survives parsing. An integer must keep its exact digits, so 9007199254740993 fails; a
 * fraction may be any rounding of its double to at most 17 digits, as C and PHP print them; no number may become
 * infinite, or zero.
 */
export function isFaithfulNumber(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const size = Math.abs(value);
  const length = text.search(exponent);
  if ((length < 0 ? text.length : length) <= SAFE_DIGITS && size > SAFE.min && size < SAFE.max) return true;
  const said = decimalOf(text);
  if (value === 0) return said.digits === '';
  if (isSame(said, decimalOf(String(value)))) return true;
  const isWhole = said.exponent >= 0;
  if (isWhole || said.digits.length > MAX_DIGITS) return false;
  return isSame(said, decimalOf(value.toPrecision(said.digits.length)));
}

function decimalOf(text: string): Decimal {
  const [, whole = '', fraction = '', power = '0'] = parts.exec(text) ?? [];
  const all = `${whole}${fraction}`;
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end--;
  let start = 0;
  while (start < end && all[start] === '0') start++;
  return { digits: all.slice(start, end), exponent: Number(power) - fraction.length + all.length - end };
}

function isSame(a: Decimal, b: Decimal): boolean {
  return a.digits === b.digits && a.exponent === b.exponent;
}
