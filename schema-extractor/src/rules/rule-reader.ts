import type { Brand } from "../checker/type-view.ts";
import type { RuleModel } from "../model/type-model.ts";
import {
  affix,
  bound,
  fixedFormat,
  flag,
  format,
  ipFormat,
  length,
  multipleOf,
  pattern,
  type RuleDefinition,
  type RuleValue,
} from "./rule-definitions.ts";

/** A declared rule, or why the declaration isn't one. */
export type DeclaredRule =
  | { readonly definition: RuleDefinition; readonly value: RuleValue }
  | { readonly problem: string; readonly help: string };

/** By the payload's member, in our declarations and the official package's alike. */
const definitions: ReadonlyMap<string, RuleDefinition> = new Map<string, RuleDefinition>([
  ["minValue", { name: "Min", target: "ordered", example: "Min<1>", read: bound("lower") }],
  ["maxValue", { name: "Max", target: "ordered", example: "Max<100>", read: bound("upper") }],
  ["minLen", { name: "MinLen", target: "length", example: "MinLen<1>", read: length("minLength") }],
  ["maxLen", { name: "MaxLen", target: "length", example: "MaxLen<100>", read: length("maxLength") }],
  ["matchesRegexp", { name: "MatchesRegexp", target: "string", example: 'MatchesRegexp<"^[a-z]+$">', read: pattern }],
  ["startsWith", { name: "StartsWith", target: "string", example: 'StartsWith<"a">', read: affix("startsWith") }],
  ["endsWith", { name: "EndsWith", target: "string", example: 'EndsWith<"z">', read: affix("endsWith") }],
  ["isEmail", { name: "IsEmail", target: "string", example: "IsEmail", read: fixedFormat("email") }],
  ["isURL", { name: "IsURL", target: "string", example: "IsURL", read: fixedFormat("url") }],
  ["isUUID", { name: "IsUUID", target: "string", example: "IsUUID", read: fixedFormat("uuid") }],
  ["isIP", { name: "IsIP", target: "string", example: "IsIP<4>", read: ipFormat }],
  ["format", { name: "Format", target: "string", example: 'Format<"date">', read: format }],
  ["integer", { name: "Integer", target: "number", example: "Integer", read: flag("integer") }],
  ["multipleOf", { name: "MultipleOf", target: "number", example: "MultipleOf<0.01>", read: multipleOf }],
  ["uniqueItems", { name: "UniqueItems", target: "list", example: "UniqueItems", read: flag("uniqueItems") }],
]);

/** Reads the rules that a brand stands for. */
export function readRules(brand: Brand): DeclaredRule[] {
  return [...brand.payload].map(([member, value]): DeclaredRule => {
    const definition = definitions.get(member);
    if (definition !== undefined) return { definition, value };
    return {
      problem: `The rule "${member}" is not known to this version of encore-host.`,
      help: "Leave the rule out.",
    };
  });
}

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
