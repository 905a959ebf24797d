import type { Brand } from "../checker/type-view.ts";
import type { RuleModel } from "../model/type-model.ts";

/** A rule, or why the declaration isn't one. */
export type RuleReading =
  | { readonly rule: RuleModel; readonly name: string; readonly appliesTo: RuleTarget }
  | { readonly problem: string; readonly help: string };

/** What kind of value a rule is about. */
export type RuleTarget = "number" | "length" | "string";

interface RuleDefinition {
  /** As the SDK exports it. */
  readonly name: string;
  readonly target: RuleTarget;
  /** Its use, for messages. */
  readonly example: string;
  readonly read: (value: string | number | boolean | undefined) => RuleModel | string;
}

const largestLength = 0xffff_ffff;

/** By the payload's member, in our declarations and the official package's alike. */
const definitions: ReadonlyMap<string, RuleDefinition> = new Map([
  ["minValue", { name: "Min", target: "number", example: "Min<1>", read: bound("min") }],
  ["maxValue", { name: "Max", target: "number", example: "Max<100>", read: bound("max") }],
  ["minLen", { name: "MinLen", target: "length", example: "MinLen<1>", read: length("minLength") }],
  ["maxLen", { name: "MaxLen", target: "length", example: "MaxLen<100>", read: length("maxLength") }],
  ["matchesRegexp", { name: "MatchesRegexp", target: "string", example: 'MatchesRegexp<"^[a-z]+$">', read: pattern }],
  ["startsWith", { name: "StartsWith", target: "string", example: 'StartsWith<"a">', read: affix("startsWith") }],
  ["endsWith", { name: "EndsWith", target: "string", example: 'EndsWith<"z">', read: affix("endsWith") }],
  [
    "isEmail",
    { name: "IsEmail", target: "string", example: "IsEmail", read: () => ({ kind: "format", format: "email" }) },
  ],
  ["isURL", { name: "IsURL", target: "string", example: "IsURL", read: () => ({ kind: "format", format: "url" }) }],
]);

/** Reads the rules that a brand stands for. */
export function readRules(brand: Brand): RuleReading[] {
  return [...brand.payload].map(([member, value]): RuleReading => {
    const definition = definitions.get(member);
    if (definition === undefined) {
      return {
        problem: `The rule "${member}" is not known to this version of encore-host.`,
        help: "Leave the rule out.",
      };
    }
    const rule = definition.read(value);
    if (typeof rule !== "string") return { rule, name: definition.name, appliesTo: definition.target };
    return {
      problem: `${definition.name} ${rule}.`,
      help: `Give ${definition.name} a literal, such as ${definition.example}.`,
    };
  });
}

/** What rules of a target can be put on, for messages. */
export const targetNames: Readonly<Record<RuleTarget, string>> = {
  number: "numbers",
  length: "strings and arrays",
  string: "strings",
};

/** The rules that all have to hold, as one; null for none. Alternatives and lists within are kept flat. */
export function allOf(rules: readonly RuleModel[]): RuleModel | null {
  return combine("all", rules);
}

/** The rules one of which has to hold, as one. */
export function anyOf(rules: readonly RuleModel[]): RuleModel | null {
  return combine("any", rules);
}

function combine(kind: "all" | "any", rules: readonly RuleModel[]): RuleModel | null {
  const flat = rules.flatMap((rule) => (rule.kind === kind ? rule.rules : [rule]));
  const distinct = [...new Map(flat.map((rule) => [JSON.stringify(rule), rule])).values()];
  const [only, ...others] = distinct;
  if (only === undefined) return null;
  return others.length === 0 ? only : { kind, rules: distinct };
}

function bound(kind: "min" | "max") {
  return (value: string | number | boolean | undefined): RuleModel | string =>
    typeof value === "number" && Number.isFinite(value)
      ? { kind, value }
      : "needs a number that is known at build time";
}

function length(kind: "minLength" | "maxLength") {
  return (value: string | number | boolean | undefined): RuleModel | string => {
    if (typeof value !== "number") return "needs a number that is known at build time";
    const valid = Number.isInteger(value) && value >= 0 && value <= largestLength;
    return valid ? { kind, value } : `needs a whole number from 0 to ${largestLength}, not ${value}`;
  };
}

function affix(kind: "startsWith" | "endsWith") {
  return (value: string | number | boolean | undefined): RuleModel | string =>
    typeof value === "string" ? { kind, text: value } : "needs a text that is known at build time";
}

function pattern(value: string | number | boolean | undefined): RuleModel | string {
  if (typeof value !== "string") return "needs a text that is known at build time";
  const failure = compileFailure(value, "u") === undefined ? undefined : compileFailure(value, "");
  return failure === undefined ? { kind: "matches", text: value } : `needs a regular expression: ${failure}`;
}

function compileFailure(text: string, flags: string): string | undefined {
  try {
    new RegExp(text, flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : String(error);
  }
}
