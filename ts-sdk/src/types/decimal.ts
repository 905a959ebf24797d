import { isolateRuntime } from "../internal/registry.js";
import { divide, format, parse, type Parts, powerOfTen } from "./decimal-digits.js";

/** What a decimal is made of: a text such as `"1.50"` or `"-2e3"`, a finite number by its shortest text, or a bigint. */
export type ToDecimal = string | number | bigint;

/**
 * A decimal number with every digit it was given: `new Decimal("0.1").add("0.2")` is exactly 0.3.
 *
 * In JSON it is a string; a request may also write it as a number. Immutable.
 */
export class Decimal {
  /** Invariant: the value is `coefficient / 10 ** scale`, and `scale` is not negative. */
  #parts: Parts;

  /**
   * @param value the number; `"1.50"` keeps its zero
   * @throws {RangeError} for what isn't a decimal, or has more than 9,999 for an exponent
   */
  constructor(value: ToDecimal) {
    this.#parts = parse(String(value));
  }

  /** The exact sum. */
  add(other: Decimal | ToDecimal): Decimal {
    const [left, right, scale] = aligned(this.#parts, Decimal.#partsOf(other));
    return Decimal.#of({ coefficient: left + right, scale });
  }

  /** The exact difference. */
  sub(other: Decimal | ToDecimal): Decimal {
    const [left, right, scale] = aligned(this.#parts, Decimal.#partsOf(other));
    return Decimal.#of({ coefficient: left - right, scale });
  }

  /** The exact product. */
  mul(other: Decimal | ToDecimal): Decimal {
    const { coefficient, scale } = Decimal.#partsOf(other);
    return Decimal.#of({ coefficient: this.#parts.coefficient * coefficient, scale: this.#parts.scale + scale });
  }

  /**
   * The quotient: exact where it ends within 100 significant digits, else rounded to those, half to even.
   * @throws {RangeError} for a division by zero
   */
  div(other: Decimal | ToDecimal): Decimal {
    return Decimal.#of(divide(this.#parts, Decimal.#partsOf(other)));
  }

  /** The number as text, without an exponent: `"1.50"`. */
  get value(): string {
    return format(this.#parts);
  }

  /** As JSON has it: {@link value}. */
  toJSON(): string {
    return this.value;
  }

  /** {@link value}. */
  toString(): string {
    return this.value;
  }

  /** The nearest number where one is asked for, as in `+decimal`; else {@link value}. */
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? Number(this.value) : this.value;
  }

  static #partsOf(value: Decimal | ToDecimal): Parts {
    return value instanceof Decimal ? value.#parts : parse(String(value));
  }

  /** A decimal that was calculated: there is no text to read. */
  static #of(parts: Parts): Decimal {
    const decimal = new Decimal(0n);
    decimal.#parts = parts;
    return decimal;
  }
}

function aligned(left: Parts, right: Parts): [left: bigint, right: bigint, scale: number] {
  const scale = Math.max(left.scale, right.scale);
  return [
    left.coefficient * powerOfTen(scale - left.scale),
    right.coefficient * powerOfTen(scale - right.scale),
    scale,
  ];
}

// In an application's bundle: requests hold instances of this very class.
isolateRuntime()?.useDecimal(Decimal);
