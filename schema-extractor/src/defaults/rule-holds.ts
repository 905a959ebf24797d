import type { FormatModel, ModelType, RuleModel } from "../model/type-model.ts";
import { compareDigits, digitsOf, isFullDate, isTimestamp } from "../rules/scalar-texts.ts";
import type { JsonValue } from "./value-check.ts";

/** The rule of a type that a value of its shape breaks, as a reason; undefined where it keeps all. */
export function brokenRule(value: JsonValue, { shape, rule }: ModelType): string | undefined {
  if (rule === null) return undefined;
  const isDate = shape.kind === "primitive" && shape.primitive === "date";
  const isDigits = shape.kind === "primitive" && (shape.primitive === "bigint" || shape.primitive === "decimal");
  const broken = firstBroken(value, rule, isDate ? "date" : isDigits || typeof value === "number" ? "digits" : "other");
  return broken === undefined ? undefined : `${JSON.stringify(value)} breaks the rule ${nameOf(broken)}`;
}

/** "min 1", "email", "startsWith a". */
function nameOf(rule: RuleModel): string {
  switch (rule.kind) {
    case "all":
      return rule.rules.map(nameOf).join(" and ");
    case "any":
      return rule.rules.map(nameOf).join(" or ");
    case "lower":
    case "upper":
      return `${rule.exclusive ? (rule.kind === "lower" ? "above" : "below") : rule.kind === "lower" ? "min" : "max"} ${rule.value}`;
    case "format":
      return rule.format;
    case "integer":
    case "uniqueItems":
      return rule.kind;
    default:
      return `${rule.kind} ${"text" in rule ? rule.text : rule.value}`;
  }
}

type Comparison = "date" | "digits" | "other";

function firstBroken(value: JsonValue, rule: RuleModel, comparison: Comparison): RuleModel | undefined {
  if (rule.kind === "all")
    return rule.rules.map((part) => firstBroken(value, part, comparison)).find((part) => part !== undefined);
  return holds(value, rule, comparison) ? undefined : rule;
}

function holds(value: JsonValue, rule: RuleModel, comparison: Comparison): boolean {
  switch (rule.kind) {
    case "all":
      return rule.rules.every((part) => holds(value, part, comparison));
    case "any":
      return rule.rules.some((part) => holds(value, part, comparison));
    case "min":
      return compare(value, rule.value, comparison) >= 0;
    case "max":
      return compare(value, rule.value, comparison) <= 0;
    case "lower":
      return compare(value, rule.value, comparison) >= (rule.exclusive ? 1 : 0);
    case "upper":
      return compare(value, rule.value, comparison) <= (rule.exclusive ? -1 : 0);
    case "minLength":
      return lengthOf(value) >= rule.value;
    case "maxLength":
      return lengthOf(value) <= rule.value;
    case "startsWith":
      return textOf(value).startsWith(rule.text);
    case "endsWith":
      return textOf(value).endsWith(rule.text);
    case "matches":
      return expressionOf(rule.text).test(textOf(value));
    case "format":
      return formatChecks[rule.format](textOf(value));
    case "integer":
      return remainder(textOf(value), "1") === 0n;
    case "multipleOf":
      return remainder(textOf(value), String(rule.value)) === 0n;
    case "uniqueItems":
      return !Array.isArray(value) || new Set(value.map(canonical)).size === value.length;
  }
}

/** Negative, zero or positive, exactly. */
function compare(value: JsonValue, bound: number | string, comparison: Comparison): number {
  if (comparison === "date") return Date.parse(textOf(value)) - Date.parse(String(bound));
  return compareDigits(textOf(value), String(bound));
}

/** What rules on text and digits look at; other values have neither. */
function textOf(value: JsonValue): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function lengthOf(value: JsonValue): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : 0;
}

function remainder(value: string, divisor: string): bigint {
  const [one, other] = [digitsOf(value), digitsOf(divisor)];
  return (one.coefficient * 10n ** BigInt(other.scale)) % (other.coefficient * 10n ** BigInt(one.scale));
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return new RegExp(pattern);
  }
}

/** The same text for the same JSON value, whatever the order of its members. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}(?<!\.)$/;

/** What every text of a format has: enough to find slips in a default. The host, which checks requests, is exact. */
const formatChecks: Readonly<Record<FormatModel, (text: string) => boolean>> = {
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  url: (text) => /^[a-z][a-z\d+.-]*:\S+$/i.test(text),
  uuid: (text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
  ip: (text) => ipv4.test(text) || isIpv6(text),
  ipv4: (text) => ipv4.test(text),
  ipv6: isIpv6,
  date: isFullDate,
  time: (text) => isTimestamp(`2000-01-01T${text}`),
  "date-time": isTimestamp,
  duration: (text) => /^P(?=.)[\dYMWDTHS.]+$/.test(text),
  hostname: (text) => text.length <= 253 && /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(text),
  uri: (text) => /^[a-z][a-z\d+.-]*:\S*$/i.test(text),
  base64: (text) => text.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(text),
  "json-pointer": (text) => /^(?:\/(?:[^~]|~[01])*)?$/.test(text),
  regex: (text) => {
    try {
      expressionOf(text);
      return true;
    } catch {
      return false;
    }
  },
};

function isIpv6(text: string): boolean {
  return /^[\da-f:.]+$/i.test(text) && text.includes(":");
}
