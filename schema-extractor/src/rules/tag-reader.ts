import type { TagView } from "../checker/type-view.ts";
import type { RuleModel } from "../model/type-model.ts";
import { formatNames } from "./formats.ts";
import {
  bound,
  flag,
  format,
  length,
  multipleOf,
  pattern,
  type RuleDefinition,
  type RuleValue,
} from "./rule-definitions.ts";
import { isNumber } from "./scalar-texts.ts";

type Reader = RuleDefinition["read"];

/** By the tag's name, as JSON Schema calls it. */
const definitions: ReadonlyMap<string, RuleDefinition> = new Map<string, RuleDefinition>(
  (
    [
      { name: "@minimum", target: "ordered", example: "@minimum 1", read: bounded(bound("lower")) },
      { name: "@maximum", target: "ordered", example: "@maximum 100", read: bounded(bound("upper")) },
      {
        name: "@exclusiveMinimum",
        target: "ordered",
        example: "@exclusiveMinimum 0",
        read: bounded(bound("lower", true)),
      },
      {
        name: "@exclusiveMaximum",
        target: "ordered",
        example: "@exclusiveMaximum 1",
        read: bounded(bound("upper", true)),
      },
      { name: "@multipleOf", target: "number", example: "@multipleOf 0.01", read: numeric(multipleOf) },
      { name: "@minLength", target: "string", example: "@minLength 1", read: numeric(length("minLength")) },
      { name: "@maxLength", target: "string", example: "@maxLength 100", read: numeric(length("maxLength")) },
      { name: "@minItems", target: "items", example: "@minItems 1", read: numeric(length("minLength")) },
      { name: "@maxItems", target: "items", example: "@maxItems 100", read: numeric(length("maxLength")) },
      { name: "@uniqueItems", target: "list", example: "@uniqueItems", read: switched(flag("uniqueItems")) },
      { name: "@pattern", target: "string", example: "@pattern ^[a-z]+$", read: written(pattern) },
      { name: "@format", target: "string", example: "@format date", read: written(format) },
      { name: "@asType", target: "number", example: "@asType integer", read: asType },
      { name: "@integer", target: "number", example: "@integer", read: switched(flag("integer")) },
    ] satisfies RuleDefinition[]
  ).map((definition) => [definition.name.slice(1), definition]),
);

/** The rule that a tag stands for; undefined for any other tag. */
export function ruleOfTag(tag: TagView): RuleDefinition | undefined {
  return definitions.get(tag.name);
}

/** What helps where a tag's value isn't one. @param kind the kind of value that it is for */
export function helpForTag({ name, target, example }: RuleDefinition, kind: string): string {
  if (name === "@format") return `Use one of ${formatNames}.`;
  const shown = target === "ordered" && kind === "date" ? `${name} 2024-01-01T00:00:00Z` : example;
  return `Write it as in "${shown}", with any explanation in the text above the tags.`;
}

/** Numbers and bigints by their digits; a decimal's or a date's text is what is compared. */
function bounded(read: Reader): Reader {
  return (value, kind) => {
    if (kind === "number") return numeric(read)(value, kind);
    return read(kind === "bigint" ? String(value).replace(/n$/, "") : value, kind);
  };
}

function numeric(read: Reader): Reader {
  return (value, kind) => {
    const text = String(value);
    return isNumber(text) ? read(Number(text), kind) : `needs a number, not ${quoted(text)}`;
  };
}

function written(read: Reader): Reader {
  return (value, kind) => (value === "" ? "needs a text" : read(value, kind));
}

/** A tag that stands alone, or is followed by true or false. */
function switched(read: Reader): Reader {
  return (value, kind) => {
    if (value === "false") return { kind: "all", rules: [] };
    return value === "" || value === "true" ? read(true, kind) : `stands alone, without ${quoted(String(value))}`;
  };
}

function asType(value: RuleValue): RuleModel | string {
  return value === "integer" ? { kind: "integer" } : `knows the type "integer" only, not ${quoted(String(value))}`;
}

function quoted(text: string): string {
  return text === "" ? "nothing" : JSON.stringify(text);
}
