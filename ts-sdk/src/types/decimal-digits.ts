/** A decimal number: `coefficient / 10 ** scale`. */
export interface Parts {
  readonly coefficient: bigint;
  /** Digits after the point; not negative. */
  readonly scale: number;
}

/** Significant digits of a quotient that doesn't end. */
const quotientDigits = 100;

/** The host's decoder takes no more, either: writing out an exponent of a few more digits would fill the memory. */
const largestExponent = 9_999;

const syntax = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Reads a number. */
export function parse(text: string): Parts {
  const match = syntax.exec(text);
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match ?? [];
  const exponent = Number(exponentText);
  if (match === null || whole + fraction === "") throw new RangeError(`Not a decimal: ${JSON.stringify(text)}`);
  if (Math.abs(exponent) > largestExponent) throw new RangeError(`The exponent of a decimal is too large: ${exponent}`);
  const digits = BigInt(whole + fraction);
  const coefficient = sign === "-" ? -digits : digits;
  const scale = fraction.length - exponent;
  return scale < 0 ? { coefficient: coefficient * powerOfTen(-scale), scale: 0 } : { coefficient, scale };
}

/** Writes a number with all its digits. */
export function format({ coefficient, scale }: Parts): string {
  const isNegative = coefficient < 0n;
  const digits = String(isNegative ? -coefficient : coefficient).padStart(scale + 1, "0");
  const point = digits.length - scale;
  const fraction = scale === 0 ? "" : `.${digits.slice(point)}`;
  return (isNegative ? "-" : "") + digits.slice(0, point) + fraction;
}

export function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** The quotient: exact where it has no more than {@link quotientDigits} significant digits, else rounded half to even. */
export function divide(dividend: Parts, divisor: Parts): Parts {
  if (divisor.coefficient === 0n) throw new RangeError("A decimal can't be divided by zero");
  const numerator = absolute(dividend.coefficient);
  const denominator = absolute(divisor.coefficient);
  const isNegative = dividend.coefficient < 0n !== divisor.coefficient < 0n;
  // As many digits more as make the integer quotient long enough; one that is longer already is rounded all the same.
  const shift = quotientDigits + digitsOf(denominator) - digitsOf(numerator);
  const scaledNumerator = shift > 0 ? numerator * powerOfTen(shift) : numerator;
  const scaledDenominator = shift < 0 ? denominator * powerOfTen(-shift) : denominator;
  const quotient = roundedQuotient(scaledNumerator, scaledDenominator);
  const coefficient = isNegative ? -quotient : quotient;
  return trimmed(coefficient, dividend.scale - divisor.scale + shift);
}

/** Rounds to {@link quotientDigits} at once: the integer quotient has that many digits or one more. */
function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  if (digitsOf(quotient) <= quotientDigits) return halfToEven(quotient, numerator % denominator, denominator);
  return 10n * halfToEven(numerator / (denominator * 10n), numerator % (denominator * 10n), denominator * 10n);
}

function halfToEven(quotient: bigint, remainder: bigint, denominator: bigint): bigint {
  const twice = remainder * 2n;
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** Without the zeros that the division added at the end. */
function trimmed(coefficient: bigint, scale: number): Parts {
  if (scale < 0) return { coefficient: coefficient * powerOfTen(-scale), scale: 0 };
  let [shorter, left] = [coefficient, scale];
  while (left > 0 && shorter % 10n === 0n) {
    shorter /= 10n;
    left--;
  }
  return { coefficient: shorter, scale: left };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function digitsOf(value: bigint): number {
  return String(value).length;
}
