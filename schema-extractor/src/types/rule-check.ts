import type { TagView, TypeView } from "../checker/type-view.ts";
import type { NodeHandle, TypeHandle } from "../checker/handles.ts";
import type { ModelType, RuleModel, ShapeModel } from "../model/type-model.ts";
import { isTargeted, type RuleDefinition, type RuleValue, targetNames } from "../rules/rule-definitions.ts";
import { allOf, readRules } from "../rules/rule-reader.ts";
import { helpForTag, ruleOfTag } from "../rules/tag-reader.ts";
import type { MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";

type BrandedView = Extract<TypeView, { kind: "branded" }>;

/** Puts rules on types that they are for. */
export class RuleCheck {
  readonly #builder: TypeBuilder;

  constructor(builder: TypeBuilder) {
    this.#builder = builder;
  }

  /** A type's content with the rules of its brands. */
  apply(
    view: BrandedView,
    content: Pick<ModelType, "shape" | "rule">,
    context: MemberContext,
  ): Pick<ModelType, "shape" | "rule"> {
    const rules: RuleModel[] = content.rule === null ? [] : [content.rule];
    for (const brand of view.brands) {
      if (brand.kind !== "rule") continue;
      for (const declared of readRules(brand)) {
        if ("problem" in declared) {
          this.#builder.reject(context, { code: "rule-invalid", message: declared.problem, help: declared.help });
          continue;
        }
        const { definition, value } = declared;
        const rule = readFor(definition, value, content.shape);
        if (typeof rule === "object") rules.push(rule);
        else this.#reject(definition, rule, content.shape, context, exampleFor(definition, kindOf(content.shape)));
      }
    }
    return { shape: content.shape, rule: allOf(rules) };
  }

  /** A type with the rules of the named types it is written with. */
  withTagsOf(node: NodeHandle, type: TypeHandle, model: ModelType, context: MemberContext): ModelType {
    return this.withTags(this.#builder.view.types.tagsOf(node, type), model, context);
  }

  /** A type with the rules that the tags of a comment stand for; in a union, on the options that they are for. */
  withTags(tags: readonly TagView[], model: ModelType, context: MemberContext): ModelType {
    return tags.reduce((type, tag) => {
      const definition = ruleOfTag(tag);
      return definition === undefined ? type : this.#withTag(definition, tag, type, context);
    }, model);
  }

  #withTag(definition: RuleDefinition, tag: TagView, model: ModelType, context: MemberContext): ModelType {
    if (this.#builder.isOpen(model)) {
      this.#builder.reject(context, {
        code: "rule-invalid",
        message: `${definition.name} can't change ${model.name}, which this member is part of.`,
        help: "Give the member a type of its own.",
      });
      return model;
    }
    const problems: { readonly text: string; readonly kind: string }[] = [];
    const put = (type: ModelType): ModelType | undefined => {
      const rule = readFor(definition, tag.text, type.shape);
      if (typeof rule === "string") problems.push({ text: rule, kind: kindOf(type.shape) });
      return typeof rule === "object" ? ruled(type, rule) : undefined;
    };
    const changed = model.shape.kind === "union" ? changedOptions(model.shape.options, put) : put(model);
    if (changed !== undefined || tag.isLenient) return changed ?? model;
    const [problem] = problems;
    this.#reject(definition, problem?.text, model.shape, context, helpForTag(definition, problem?.kind ?? ""));
    return model;
  }

  #reject(
    { name, target }: RuleDefinition,
    problem: string | undefined,
    shape: ShapeModel,
    context: MemberContext,
    help: string,
  ): void {
    const isTag = name.startsWith("@");
    this.#builder.reject(
      context,
      problem === undefined
        ? {
            code: "rule-invalid",
            message: `${name} is a rule for ${targetNames[target]}, and this is ${nameOf(shape)}.`,
            help: `Remove ${name}, or put it on the ${isTag ? "member or the named type" : "member"} it is meant for.`,
          }
        : { code: "rule-invalid", message: `${name} ${problem}.`, help },
    );
  }
}

/** A declared rule as one for a shape: what is wrong with it, undefined where it isn't for such shapes at all. */
function readFor(definition: RuleDefinition, value: RuleValue, shape: ShapeModel): RuleModel | string | undefined {
  const kind = kindOf(shape);
  return isTargeted(definition.target, kind) ? definition.read(value, kind) : undefined;
}

/** A union with rules on some of its options; undefined where there are none. */
function changedOptions(
  options: readonly ModelType[],
  put: (option: ModelType) => ModelType | undefined,
): ModelType | undefined {
  const changed = options.map((option) => put(option));
  if (changed.every((option) => option === undefined)) return undefined;
  const all = options.map((option, index) => changed[index] ?? option);
  return { name: "", span: null, doc: "", rule: null, shape: { kind: "union", options: all } };
}

/** The same content under one rule more. It has no name: a named type is the same everywhere. */
function ruled({ shape, rule: own }: ModelType, rule: RuleModel): ModelType {
  return { name: "", span: null, doc: "", rule: allOf(own === null ? [rule] : [own, rule]), shape };
}

function kindOf(shape: ShapeModel): string {
  if (shape.kind === "primitive") return shape.primitive;
  return shape.kind === "literal" ? typeof shape.value : shape.kind;
}

function exampleFor({ name, target, example }: RuleDefinition, kind: string): string {
  const ordered: Readonly<Record<string, string>> = {
    date: `${name}<"2024-01-01T00:00:00Z">`,
    bigint: `${name}<10n>`,
    decimal: `${name}<"0.01">`,
  };
  return `Give ${name} a literal, such as ${(target === "ordered" ? ordered[kind] : undefined) ?? example}.`;
}

function nameOf(shape: ShapeModel): string {
  // The checker takes boolean apart.
  if (shape.kind === "literal" && typeof shape.value === "boolean") return "a boolean";
  if (shape.kind === "literal") return `the literal ${JSON.stringify(shape.value)}`;
  const name = shape.kind === "primitive" ? shape.primitive : shape.kind;
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}
