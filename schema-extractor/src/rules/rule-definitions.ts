import type { LiteralValue } from "../checker/type-view.ts";
import type { FormatModel, RuleModel } from "../model/type-model.ts";
import { readBound, type BoundDirection } from "./bounds.ts";
import { formatOf } from "./formats.ts";

/** A value as a declaration has it; undefined for one that isn't known at build time. */
export type RuleValue = LiteralValue | undefined;

/** One rule: what it is for, and how its declaration is read. */
export interface RuleDefinition {
  /** As it is written: "Min", "@minimum". */
  readonly name: string;
  readonly target: RuleTarget;
  /** Its use, for messages. */
  readonly example: string;
  /**
   * @param kind the kind of value it is put on, one of its target's
   * @returns the rule, or what is wrong with the value
   */
  readonly read: (value: RuleValue, kind: string) => RuleModel | string;
}

/** What kind of value a rule is about. */
export type RuleTarget = "ordered" | "number" | "length" | "items" | "list" | "string";

/** The kinds of each target: of a shape, or of a literal's value. */
const kinds: Readonly<Record<RuleTarget, ReadonlySet<string>>> = {
  ordered: new Set(["number", "bigint", "decimal", "date"]),
  number: new Set(["number", "bigint", "decimal"]),
  length: new Set(["string", "array", "tuple", "set", "map"]),
  items: new Set(["array", "tuple", "set", "map"]),
  list: new Set(["array", "tuple", "set"]),
  string: new Set(["string"]),
};

/** What rules of a target can be put on, for messages. */
export const targetNames: Readonly<Record<RuleTarget, string>> = {
  ordered: "numbers, bigints, decimals and dates",
  number: "numbers, bigints and decimals",
  length: "strings, arrays, sets and maps",
  items: "arrays, sets and maps",
  list: "arrays",
  string: "strings",
};

export function isTargeted(target: RuleTarget, kind: string): boolean {
  return kinds[target].has(kind);
}

const largestLength = 0xffff_ffff;

export function bound(direction: BoundDirection, exclusive = false) {
  return (value: RuleValue, kind: string): RuleModel | string => readBound(value, kind, direction, exclusive);
}

export function length(kind: "minLength" | "maxLength") {
  return (value: RuleValue): RuleModel | string => {
    if (typeof value !== "number") return "needs a number that is known at build time";
    const valid = Number.isInteger(value) && value >= 0 && value <= largestLength;
    return valid ? { kind, value } : `needs a whole number from 0 to ${largestLength}, not ${value}`;
  };
}

export function multipleOf(value: RuleValue): RuleModel | string {
  if (typeof value !== "number") return "needs a number that is known at build time";
  return Number.isFinite(value) && value > 0
    ? { kind: "multipleOf", value }
    : `needs a number above 0, not ${String(value)}`;
}

export function flag(kind: "integer" | "uniqueItems") {
  return (): RuleModel => ({ kind });
}

export function affix(kind: "startsWith" | "endsWith") {
  return (value: RuleValue): RuleModel | string =>
    typeof value === "string" ? { kind, text: value } : "needs a text that is known at build time";
}

export function pattern(value: RuleValue): RuleModel | string {
  if (typeof value !== "string") return "needs a text that is known at build time";
  if (ignoresCase(value)) return "can't ignore case by (?i:…): write both cases, such as [Aa]";
  const failure = compileFailure(value, "u") === undefined ? undefined : compileFailure(value, "");
  return failure === undefined ? { kind: "matches", text: value } : `needs a regular expression: ${failure}`;
}

export function fixedFormat(format: FormatModel) {
  return (): RuleModel => ({ kind: "format", format });
}

export function format(value: RuleValue): RuleModel | string {
  if (typeof value !== "string") return "needs a text that is known at build time";
  return formatOf(value) ?? `knows no format ${JSON.stringify(value)}`;
}

export function ipFormat(value: RuleValue): RuleModel | string {
  if (value === true) return { kind: "format", format: "ip" };
  return value === 4 || value === 6 ? { kind: "format", format: `ipv${value}` } : "needs 4 or 6, or nothing";
}

/** Whether a group changes flag i: engines know it, but what runs before them has no tables of cases. */
function ignoresCase(text: string): boolean {
  const groups = text.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, "");
  return /\(\?(?=[ms-]*i)[ims-]+:/.test(groups);
}

function compileFailure(text: string, flags: string): string | undefined {
  try {
    new RegExp(text, flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
  }
}
