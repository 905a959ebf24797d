import type { TypeView } from "../checker/type-view.ts";
import type { ModelType, RuleModel, ShapeModel } from "../model/type-model.ts";
import { allOf, readRules, type RuleTarget, targetNames } from "../rules/rule-reader.ts";
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
      for (const reading of readRules(brand)) {
        if ("problem" in reading) {
          this.#builder.reject(context, { code: "rule-invalid", message: reading.problem, help: reading.help });
        } else if (isFor(reading.appliesTo, content.shape)) {
          rules.push(reading.rule);
        } else {
          this.#builder.reject(context, {
            code: "rule-invalid",
            message: `${reading.name} is a rule for ${targetNames[reading.appliesTo]}, and this is ${nameOf(content.shape)}.`,
            help: `Remove ${reading.name}, or put it on the member it is meant for.`,
          });
        }
      }
    }
    return { shape: content.shape, rule: allOf(rules) };
  }
}

function isFor(target: RuleTarget, shape: ShapeModel): boolean {
  const kind =
    shape.kind === "primitive" ? shape.primitive : shape.kind === "literal" ? typeof shape.value : shape.kind;
  switch (target) {
    case "number":
      return kind === "number" || kind === "bigint" || kind === "decimal";
    case "length":
      return kind === "string" || kind === "array";
    case "string":
      return kind === "string";
  }
}

function nameOf(shape: ShapeModel): string {
  if (shape.kind === "literal") return `the literal ${JSON.stringify(shape.value)}`;
  const name = shape.kind === "primitive" ? shape.primitive : shape.kind;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}
