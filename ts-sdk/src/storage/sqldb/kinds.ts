import { Decimal } from "../../types/decimal.js";

/** A range of PostgreSQL: `null` is a bound that isn't there. */
export interface Range<T> {
  /** Whether it holds nothing; its bounds are null then. */
  empty: boolean;
  lower: T | null;
  upper: T | null;
  lowerInclusive: boolean;
  upperInclusive: boolean;
}

/**
 * How a column's values cross, as the host says it: `PgColumnKinds` is its side.
 *
 * | kind | crosses as | becomes |
 * | --- | --- | --- |
 * | `""` | the value | itself |
 * | `"n"` | a number, or its digits where a number would lose some | number or bigint |
 * | `"f"` | a number, or `"NaN"`, `"Infinity"`, `"-Infinity"` | number |
 * | `"d"` | milliseconds since 1970, or `"infinity"`, `"-infinity"` | Date, or ±Infinity |
 * | `"m"` | its digits | Decimal |
 * | `"b"` | `{at, length}`: a slice of the answer's bytes | Uint8Array |
 * | `["a", kind]` | an array, of arrays for more dimensions | array |
 * | `["o", [[name, kind], …]]` | `{fields}`: their values, in order | object |
 * | `["r", kind]` | `{lower, upper, flags}`, or `"empty"` | {@link Range} |
 * | `"h"` | an object | object |
 */
export type ColumnKind =
  | ""
  | "n"
  | "f"
  | "d"
  | "m"
  | "b"
  | "h"
  | readonly ["a", ColumnKind]
  | readonly ["o", readonly (readonly [string, ColumnKind])[]]
  | readonly ["r", ColumnKind];

/** Makes a value of what crossed; never called with null. */
export type ValueReader = (value: never, bytes: Uint8Array) => unknown;

type CrossedRange = "empty" | { lower: unknown; upper: unknown; flags: number };

const lowerInclusiveFlag = 1;
const upperInclusiveFlag = 2;

/** How a kind's values are read; undefined for those that are used as they cross. */
export function valueReader(kind: ColumnKind): ValueReader | undefined {
  switch (kind) {
    case "":
    case "h":
      return undefined;
    case "n":
      return (value: number | string) => (typeof value === "string" ? BigInt(value) : value);
    case "f":
      return (value: number | string) => (typeof value === "string" ? Number(value) : value);
    case "d":
      return (value: number | string) =>
        typeof value === "string" ? (value === "infinity" ? Infinity : -Infinity) : new Date(value);
    case "m":
      return (value: string) => new Decimal(value);
    case "b":
      // A copy of its own: what an application keeps must not hold the whole answer.
      return ({ at, length }: { at: number; length: number }, bytes: Uint8Array) => bytes.slice(at, at + length);
    default:
      return structureReader(kind);
  }
}

function structureReader(kind: Exclude<ColumnKind, string>): ValueReader | undefined {
  switch (kind[0]) {
    case "a":
      return arrayReader(valueReader(kind[1]));
    case "o":
      return objectReader(kind[1]);
    case "r":
      return rangeReader(valueReader(kind[1]));
  }
}

/** No element crosses as an array, so that an array within one is a further dimension. */
function arrayReader(read: ValueReader | undefined): ValueReader | undefined {
  if (read === undefined) return undefined;
  const element = (value: unknown, bytes: Uint8Array): unknown => {
    if (value === null) return null;
    return Array.isArray(value) ? value.map((inner) => element(inner, bytes)) : read(value as never, bytes);
  };
  return element;
}

function objectReader(fields: readonly (readonly [string, ColumnKind])[]): ValueReader {
  const readers = fields.map(([name, kind]) => ({ name, read: valueReader(kind) }));
  return (crossed: { fields: unknown[] }, bytes) =>
    Object.fromEntries(
      readers.map(({ name, read }, index) => [name, readValue(crossed.fields[index] ?? null, read, bytes)]),
    );
}

function rangeReader(read: ValueReader | undefined): ValueReader {
  return (crossed: CrossedRange, bytes): Range<unknown> => {
    if (crossed === "empty") {
      return { empty: true, lower: null, upper: null, lowerInclusive: false, upperInclusive: false };
    }
    return {
      empty: false,
      lower: readValue(crossed.lower, read, bytes),
      upper: readValue(crossed.upper, read, bytes),
      lowerInclusive: (crossed.flags & lowerInclusiveFlag) !== 0,
      upperInclusive: (crossed.flags & upperInclusiveFlag) !== 0,
    };
  };
}

function readValue(value: unknown, read: ValueReader | undefined, bytes: Uint8Array): unknown {
  return value === null || read === undefined ? value : read(value as never, bytes);
}
