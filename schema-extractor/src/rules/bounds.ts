import type { RuleModel } from "../model/type-model.ts";
import type { RuleValue } from "./rule-definitions.ts";
import { isDecimal, isInteger, isTimestamp } from "./scalar-texts.ts";

export type BoundDirection = "lower" | "upper";

/** Reads the bound of a minimum or maximum, for the kind of value it is put on. */
export function readBound(
  value: RuleValue,
  kind: string,
  direction: BoundDirection,
  exclusive: boolean,
): RuleModel | string {
  if (value === undefined || typeof value === "boolean") return `needs ${needed(kind)} that is known at build time`;
  const text = String(value);
  switch (kind) {
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? boundOf(direction, value, exclusive)
        : `needs a number here, not ${described(value)}`;
    case "date":
      return typeof value === "string" && isTimestamp(value)
        ? { kind: direction, value, exclusive }
        : `needs a date and time with a zone here, such as "2024-01-01T00:00:00Z", not ${described(value)}`;
    case "bigint":
      if (typeof value === "number" && Number.isFinite(value)) return boundOf(direction, value, exclusive);
      return isInteger(text)
        ? exactBound(direction, BigInt(text), exclusive)
        : `needs a whole number here, not ${described(value)}`;
    default:
      if (typeof value === "number" && Number.isFinite(value)) return boundOf(direction, value, exclusive);
      if (isInteger(text)) return exactBound(direction, BigInt(text), exclusive);
      return isDecimal(text)
        ? { kind: direction, value: text, exclusive }
        : `needs the digits of a decimal here, not ${described(value)}`;
  }
}

function boundOf(direction: BoundDirection, value: number, exclusive: boolean): RuleModel {
  if (exclusive) return { kind: direction, value, exclusive };
  return { kind: direction === "lower" ? "min" : "max", value };
}

/** As a number where one holds it exactly, else as digits. */
function exactBound(direction: BoundDirection, value: bigint, exclusive: boolean): RuleModel {
  const number = Number(value);
  return Number.isSafeInteger(number)
    ? boundOf(direction, number, exclusive)
    : { kind: direction, value: String(value), exclusive };
}

function needed(kind: string): string {
  return kind === "date" ? "a text" : kind === "number" ? "a number" : "a number, bigint or text";
}

function described(value: string | number | bigint): string {
  if (typeof value === "bigint") return `the bigint ${value}n`;
  return typeof value === "string" ? `the text ${JSON.stringify(value)}` : String(value);
}
