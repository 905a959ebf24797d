/** Texts that stand for values that JSON has no notation for; the host's decoder takes the same. */

const timestamp =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is a bigint's digits. */
export function isInteger(text: string): boolean {
  return /^-?\d{1,4096}$/.test(text);
}

/** Whether a text is a decimal's. */
export function isDecimal(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/.test(text);
}

/** Whether a text is a JSON number. */
export function isNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

/** Whether a text is a date and time with a zone (RFC 3339). */
export function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** Whether a text is a date (RFC 3339). */
export function isFullDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A decimal text as `coefficient / 10 ** scale`. */
export function digitsOf(text: string): { readonly coefficient: bigint; readonly scale: number } {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace(/^\+/, "").split(".");
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${whole.replace("-", "")}${fraction}`);
  const coefficient = whole.startsWith("-") ? -digits : digits;
  return scale < 0 ? { coefficient: coefficient * 10n ** BigInt(-scale), scale: 0 } : { coefficient, scale };
}

/** Compares two decimal texts exactly: negative, zero or positive. */
export function compareDigits(left: string, right: string): number {
  const [one, other] = [digitsOf(left), digitsOf(right)];
  const difference = one.coefficient * 10n ** BigInt(other.scale) - other.coefficient * 10n ** BigInt(one.scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}
