import type { ApplicationView } from "../checker/application-view.ts";
import type { NodeHandle, TypeHandle } from "../checker/handles.ts";
import type { TypeView } from "../checker/type-view.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { anonymousType, type ModelType, type ShapeModel } from "../model/type-model.ts";
import { WireReader } from "../wire/wire-reader.ts";
import { buildLiteral } from "./literals.ts";
import { elementOf, type MemberContext } from "./member-context.ts";
import { buildObject } from "./objects.ts";
import { buildPlatformType } from "./platform-types.ts";
import { RuleCheck } from "./rule-check.ts";
import { buildUnion } from "./unions.ts";
import { unsupported } from "./unsupported.ts";

/** Turns the checker's types into models. */
export class TypeBuilder {
  readonly view: ApplicationView;
  readonly wires: WireReader;
  readonly rules: RuleCheck;
  readonly #diagnostics: DiagnosticList;
  /** Types being built: whoever meets one again refers to it. */
  readonly #open = new Map<TypeHandle, ModelType>();
  readonly #built = new Map<TypeHandle, ModelType>();
  readonly #keys = new Map<TypeHandle, string>();

  constructor(view: ApplicationView, diagnostics: DiagnosticList) {
    this.view = view;
    this.#diagnostics = diagnostics;
    this.wires = new WireReader(view.types, view.wires);
    this.rules = new RuleCheck(this);
  }

  /**
   * The model of a type.
   * @param node the type as written where it is used
   */
  build(type: TypeHandle, context: MemberContext, node?: NodeHandle): ModelType {
    const known = this.#built.get(type) ?? this.#open.get(type);
    if (known !== undefined) return known;
    const identity = this.view.types.identify(type);
    const model: ModelType = {
      name: identity.name,
      span: identity.span ?? null,
      doc: identity.doc,
      rule: null,
      shape: { kind: "primitive", primitive: "any" },
    };
    this.#open.set(type, model);
    const content = this.buildView(this.view.types.view(type, node), type, context);
    this.#open.delete(type);
    model.shape = content.shape;
    model.rule = content.rule;
    // An anonymous union has the order of the place it is written at; whatever has a name, or is an object, is the same everywhere.
    if (identity.name !== "" || content.shape.kind === "object") this.#built.set(type, model);
    return model;
  }

  /** The content of a type, without its name. */
  buildView(view: TypeView, type: TypeHandle, context: MemberContext): Pick<ModelType, "shape" | "rule"> {
    switch (view.kind) {
      case "primitive":
        return { shape: this.#primitive(view.primitive, context), rule: null };
      case "literal":
        return { shape: buildLiteral(view.value), rule: null };
      case "template":
        return { shape: { kind: "primitive", primitive: "string" }, rule: { kind: "matches", text: view.pattern } };
      case "array":
        return { shape: { kind: "array", element: this.#element(view, context) }, rule: null };
      case "object":
        return { shape: buildObject(this, view, context), rule: null };
      case "union":
        return buildUnion(this, view.members, context);
      case "branded":
        return this.rules.apply(view, this.buildView(view.base, type, context), context);
      case "platform":
        return { shape: buildPlatformType(this, view, context), rule: null };
      case "sdk":
        return { shape: { kind: "primitive", primitive: "decimal" }, rule: null };
      case "error":
        return placeholder();
      case "tuple":
      case "function":
      case "symbol":
      case "never":
      case "unresolved":
        this.reject(context, unsupported[view.kind](this.view.types.describe(type)));
        return placeholder();
    }
  }

  /** Whether a type is being built: its content isn't known yet. */
  isOpen(model: ModelType): boolean {
    return [...this.#open.values()].includes(model);
  }

  /** A text that stands for a type as long as the builder lives, for keys made of several parts. */
  keyOf(type: TypeHandle): string {
    let key = this.#keys.get(type);
    if (key === undefined) {
      key = `type:${this.#keys.size}`;
      this.#keys.set(type, key);
    }
    return key;
  }

  /** Reports a type that can't be carried. */
  reject(context: MemberContext, finding: { message: string; help: string; code?: DiagnosticCode }): void {
    const { message, help, code = "type-unsupported" } = finding;
    this.#diagnostics.report(code, context.span, { message, help, member: context.member });
  }

  #primitive(name: Extract<TypeView, { kind: "primitive" }>["primitive"], context: MemberContext): ShapeModel {
    if (name === "object")
      return { kind: "record", value: anonymousType({ kind: "primitive", primitive: "any" }), key: null };
    if (name !== "undefined") return { kind: "primitive", primitive: name };
    this.reject(context, unsupported.undefined());
    return placeholder().shape;
  }

  #element(view: Extract<TypeView, { kind: "array" }>, context: MemberContext): ModelType {
    const inner = elementOf(context);
    const present = this.view.types.withoutUndefined(view.element, view.elementNode);
    if (present === undefined || present.optional) this.reject(inner, unsupported.undefined());
    return present === undefined
      ? anonymousType(placeholder().shape)
      : this.build(present.type, inner, view.elementNode);
  }
}

/** Stands for what couldn't be built, so that the rest can be. */
function placeholder(): Pick<ModelType, "shape" | "rule"> {
  return { shape: { kind: "primitive", primitive: "any" }, rule: null };
}
