import type { ApplicationView } from "../checker/application-view.ts";
import type { NodeHandle, TypeHandle } from "../checker/handles.ts";
import type { TypeView } from "../checker/type-view.ts";
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { DiagnosticList } from "../diagnostics/diagnostic-list.ts";
import { anonymousType, type ModelType, type ShapeModel } from "../model/type-model.ts";
import { WireReader } from "../wire/wire-reader.ts";
import { buildLiteral } from "./literals.ts";
import type { MemberContext } from "./member-context.ts";
import { buildObject } from "./objects.ts";
import { SerializedModel } from "./serialized.ts";
import { ExpansionGuard, type ExpansionLevels } from "./expansion-guard.ts";
import { buildList, buildTuple } from "./lists.ts";
import { buildPlatformType, isCarried } from "./platform-types.ts";
import { RuleCheck } from "./rule-check.ts";
import { buildUnion } from "./unions.ts";
import { unsupported } from "./unsupported.ts";

/** How deep types are looked at within others before the rest has to wait. */
const maximumDepth = 64;

/** A model that waits for its content. */
interface BuildTask {
  readonly type: TypeHandle;
  readonly view: TypeView;
  /** What its `toJSON()` gives. */
  readonly json: TypeHandle | undefined;
  readonly model: ModelType;
  readonly context: MemberContext;
}

/** Turns the checker's types into models. */
export class TypeBuilder {
  readonly view: ApplicationView;
  readonly wires: WireReader;
  readonly rules: RuleCheck;
  readonly #diagnostics: DiagnosticList;
  /** Types being built: whoever meets one again refers to it. */
  readonly #open = new Map<TypeHandle, ModelType>();
  readonly #built = new Map<TypeHandle, ModelType>();
  /** Those that contain themselves. */
  readonly #recursive = new Set<ModelType>();
  readonly #keys = new Map<TypeHandle, string>();
  readonly #expansion = new ExpansionGuard(this);
  readonly #postponed: { readonly task: BuildTask; readonly levels: ExpansionLevels }[] = [];
  #depth = 0;

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
    const built = this.#built.get(type);
    if (built !== undefined) return built;
    const open = this.#open.get(type);
    if (open !== undefined) {
      this.#recursive.add(open);
      return open;
    }
    const view = this.view.types.view(type, node);
    const json = view.kind === "serialized" ? view.type : jsonOf(view);
    const named = this.#model(type);
    const model = json === undefined ? named : new SerializedModel(named, this.view.types.describe(type));
    const task: BuildTask = { type, view, json, model, context };
    if (this.#depth >= maximumDepth && this.#mayWait(task)) this.#postpone(task);
    else this.#fill(task);
    while (this.#depth === 0) {
      const next = this.#postponed.shift();
      if (next === undefined) break;
      this.#expansion.resume(next.levels);
      this.#fill(next.task);
    }
    return model;
  }

  /** Instances of generic declarations may not: one level after another is how those without an end are found. */
  #mayWait({ view, type }: BuildTask): boolean {
    return view.kind === "object" && this.view.types.familyOf(type) === undefined;
  }

  /** Types may refer to each other in a long chain, and the stack is no longer than it is. */
  #postpone(task: BuildTask): void {
    this.#open.set(task.type, task.model);
    this.#postponed.push({ task, levels: this.#expansion.levels() });
  }

  #fill({ type, view, json, model, context }: BuildTask): void {
    if (!this.#expansion.enter(type, context)) {
      this.#open.delete(type);
      return;
    }
    this.#depth++;
    this.#open.set(type, model);
    if (model instanceof SerializedModel && json !== undefined) model.content = this.build(json, context);
    else Object.assign(model, this.buildView(view, type, context));
    this.#open.delete(type);
    this.#depth--;
    this.#expansion.leave(type);
    // An anonymous union has the order of the place it is written at; whatever has a name, or is an object, is the same everywhere.
    const isOne = model.name !== "" || model.shape.kind === "object" || this.#recursive.has(model);
    if (isOne) this.#built.set(type, model);
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
        return { shape: buildList(this, view, context), rule: null };
      case "tuple":
        return { shape: buildTuple(this, view, context), rule: null };
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
      case "serialized": {
        const { shape, rule } = this.build(view.type, context);
        return { shape, rule };
      }
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

  /** A model of a type's name, with nothing in it yet. */
  #model(type: TypeHandle): ModelType {
    const { name, span, doc } = this.view.types.identify(type);
    return { name, span: span ?? null, doc, rule: null, shape: placeholder().shape };
  }
}

/** What a class of the platform gives JSON by its `toJSON()`, where JSON doesn't carry it by itself. */
function jsonOf(view: TypeView): TypeHandle | undefined {
  return view.kind === "platform" && !isCarried(view) ? view.json : undefined;
}

/** Stands for what couldn't be built, so that the rest can be. */
function placeholder(): Pick<ModelType, "shape" | "rule"> {
  return { shape: { kind: "primitive", primitive: "any" }, rule: null };
}
