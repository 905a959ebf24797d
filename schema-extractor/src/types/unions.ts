import { joinPatterns } from "../checker/pattern-union.ts";
import type { TypeHandle } from "../checker/handles.ts";
import type { TypeView } from "../checker/type-view.ts";
import { anonymousType, type ModelType, type RuleModel, type ShapeModel } from "../model/type-model.ts";
import { anyOf } from "../rules/rule-reader.ts";
import type { MemberContext } from "./member-context.ts";
import { primitiveOf } from "./platform-types.ts";
import type { TypeBuilder } from "./type-builder.ts";

/** One option of a union, with the rules of every way it is written. */
interface Option {
  readonly model: ModelType;
  /** Alternatives: one has to hold. null among them: a way without rules, so that there is nothing to check. */
  readonly alternatives: (RuleModel | null)[];
}

/**
 * A union.
 *
 * The checker distributes `string & (A | B)` to `(string & A) | (string & B)`, and takes `boolean` apart into its two values:
 * both come together again here, so that an option is a shape that stands once.
 */
export function buildUnion(
  builder: TypeBuilder,
  members: readonly TypeHandle[],
  context: MemberContext,
): Pick<ModelType, "shape" | "rule"> {
  const options = new Map<string, Option>();
  const patterns: string[] = [];
  for (const member of members) {
    const view = builder.view.types.view(member);
    if (view.kind === "primitive" && view.primitive === "undefined") continue;
    if (isImpossible(builder, view)) continue;
    if (view.kind === "template") {
      patterns.push(view.pattern);
      options.set("template", { model: matching(patterns), alternatives: [null] });
      continue;
    }
    const key = optionKey(builder, view, member);
    const model = buildMember(builder, view, member, context);
    const known = options.get(key);
    if (known === undefined) options.set(key, { model, alternatives: [model.rule] });
    else known.alternatives.push(model.rule);
  }
  joinBooleans(options);
  absorbLiterals(options);
  const models = [...options.values()].map(settle);
  const [only, ...others] = models;
  if (only === undefined) return { shape: { kind: "primitive", primitive: "null" }, rule: null };
  if (others.length === 0) return { shape: only.shape, rule: only.rule };
  return { shape: { kind: "union", options: models }, rule: null };
}

/** Whether no value is of a member: `{ ok: true; value: never }`, which a generic type has for what can't happen. */
function isImpossible(builder: TypeBuilder, view: TypeView): boolean {
  return (
    view.kind === "object" &&
    view.properties.some((property) => !property.optional && builder.view.types.isNever(property.type))
  );
}

function buildMember(builder: TypeBuilder, view: TypeView, member: TypeHandle, context: MemberContext): ModelType {
  if (view.kind !== "branded") return builder.build(member, context);
  return { ...anonymousType({ kind: "primitive", primitive: "any" }), ...builder.buildView(view, member, context) };
}

/** What makes two members the same but for their rules. */
function optionKey(builder: TypeBuilder, view: TypeView, member: TypeHandle): string {
  switch (view.kind) {
    case "branded":
      return optionKey(builder, view.base, member);
    case "primitive":
      return view.primitive;
    case "literal":
      // JSON has no bigint of its own: literal ones are any.
      return typeof view.value === "bigint" ? "bigint" : `${typeof view.value}:${String(view.value)}`;
    case "platform":
      return primitiveOf(view) ?? (view.arguments.length === 0 ? `platform:${view.name}` : builder.keyOf(member));
    case "sdk":
      return `sdk:${view.name}`;
    case "array":
      return `array:${builder.keyOf(view.element)}`;
    default:
      return builder.keyOf(member);
  }
}

/** A text that fits one of several template-literal types, all of them anchored. */
function matching(patterns: readonly string[]): ModelType {
  const [only, ...others] = patterns;
  const text = only !== undefined && others.length === 0 ? only : joinPatterns(patterns);
  return { ...anonymousType({ kind: "primitive", primitive: "string" }), rule: { kind: "matches", text } };
}

/** Drops literals beside their own primitive, which editors' completion is the only reason for: `"a" | (string & {})`. */
function absorbLiterals(options: Map<string, Option>): void {
  for (const primitive of ["string", "number"]) {
    if (options.get(primitive)?.alternatives.includes(null) !== true) continue;
    for (const key of options.keys()) if (key.startsWith(`${primitive}:`)) options.delete(key);
  }
}

/** `true` and `false` together are `boolean`, where the first of them stands. */
function joinBooleans(options: Map<string, Option>): void {
  const yes = options.get("boolean:true");
  const no = options.get("boolean:false");
  if (yes === undefined || no === undefined) return;
  const shape: ShapeModel = { kind: "primitive", primitive: "boolean" };
  const joined = { model: anonymousType(shape), alternatives: [...yes.alternatives, ...no.alternatives] };
  const entries = [...options];
  options.clear();
  for (const [key, option] of entries) {
    if (option === yes || option === no) options.set("boolean", joined);
    else options.set(key, option);
  }
}

function settle({ model, alternatives }: Option): ModelType {
  if (alternatives.length === 1) return model;
  const rules = alternatives.filter((rule) => rule !== null);
  const rule = rules.length < alternatives.length ? null : anyOf(rules);
  return { ...model, rule };
}
