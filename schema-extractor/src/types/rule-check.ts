import type { TagView, TypePart, TypeView } from "../checker/type-view.ts";
import { anonymousType, type ModelType, type RuleModel, type ShapeModel } from "../model/type-model.ts";
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

  /** A type with the rules that the tags of a comment stand for; in a union, on the options that they are for. */
  withTags(tags: readonly TagView[], model: ModelType, context: MemberContext): ModelType {
    return tags.reduce((type, tag) => {
      const definition = ruleOfTag(tag);
      return definition === undefined ? type : this.#withTag(definition, tag, type, context);
    }, model);
  }

  #withTag(definition: RuleDefinition, tag: TagView, model: ModelType, context: MemberContext): ModelType {
    const misfits: ModelType[] = [];
    const changed = changedAt(model, tag.path, (type) => {
      const rule = this.#builder.isOpen(type) ? undefined : readFor(definition, tag.text, type.shape);
      if (typeof rule === "object") return ruled(type, rule);
      misfits.push(type);
      return undefined;
    });
    if (changed !== undefined || tag.isLenient) return changed ?? model;
    const open = misfits.find((type) => this.#builder.isOpen(type));
    if (open !== undefined) {
      this.#builder.reject(context, {
        code: "rule-invalid",
        message: `${definition.name} can't change ${open.name}, which this member is part of.`,
        help: "Give the member a type of its own.",
      });
      return model;
    }
    const readings = misfits.map(({ shape }) => ({ shape, problem: readFor(definition, tag.text, shape) }));
    const wrong = readings.find(({ problem }) => typeof problem === "string");
    const shape = wrong?.shape ?? misfits[0]?.shape ?? model.shape;
    const problem = typeof wrong?.problem === "string" ? wrong.problem : undefined;
    const whole = misfits.length > 1 && tag.path.length === 0 ? model.shape : shape;
    this.#reject(definition, problem, whole, context, helpForTag(definition, kindOf(shape)));
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

/** A type with another in its place where a path leads, in a union on any option; undefined where nothing changes. */
function changedAt(
  type: ModelType,
  path: readonly TypePart[],
  change: (type: ModelType) => ModelType | undefined,
): ModelType | undefined {
  const { shape, rule } = type;
  const [part, ...rest] = path;
  const inner = (held: ModelType): ModelType => changedAt(held, part === undefined ? path : rest, change) ?? held;
  if (shape.kind === "union") {
    const options = shape.options.map((option) => changedAt(option, path, change));
    if (options.every((option) => option === undefined)) return undefined;
    const all = shape.options.map((option, index) => options[index] ?? option);
    return { ...anonymousType({ kind: "union", options: all }), rule };
  }
  if (part === undefined) return change(type);
  const changed = withPart(shape, part, inner);
  return changed === undefined ? undefined : { ...anonymousType(changed), rule };
}

/** A shape with another type for a part; undefined where it has no such part, or the part stays as it is. */
function withPart(shape: ShapeModel, part: TypePart, change: (held: ModelType) => ModelType): ShapeModel | undefined {
  if (shape.kind === "array" && part === "element") {
    const element = change(shape.element);
    return element === shape.element ? undefined : { ...shape, element };
  }
  if (shape.kind === "record" && part === "value") {
    const value = change(shape.value);
    return value === shape.value ? undefined : { ...shape, value };
  }
  return undefined;
}

/** The same content under one rule more. It has no name: a named type is the same everywhere. */
function ruled({ shape, rule: own }: ModelType, rule: RuleModel): ModelType {
  return { ...anonymousType(shape), rule: allOf(own === null ? [rule] : [own, rule]) };
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
