import type { Span } from "../isolate/protocol.ts";
import type { ModelType, RuleModel, ShapeModel } from "../model/type-model.ts";
import { elementOf, memberOf, type MemberContext } from "./member-context.ts";

/**
 * An object with a `toJSON()`: under its own name, what that gives.
 *
 * It looks through to the other model, which may be one that is being built.
 */
export class SerializedModel implements ModelType {
  readonly name: string;
  readonly span: Span | null;
  readonly doc: string;
  readonly sendOnly: string;
  content: ModelType;

  /** @param type as a person would write it */
  constructor(named: ModelType, type: string) {
    this.name = named.name;
    this.span = named.span;
    this.doc = named.doc;
    this.sendOnly = type;
    this.content = named;
  }

  get shape(): ShapeModel {
    return this.content.shape;
  }

  get rule(): RuleModel | null {
    return this.content.rule;
  }
}

/** A place in a message whose type JSON can be written from, but not be read into. */
export interface SendOnlyMember {
  readonly type: string;
  readonly context: MemberContext;
}

/** Finds such places, each type once. */
export function findSendOnly(root: ModelType, context: MemberContext): SendOnlyMember[] {
  const found: SendOnlyMember[] = [];
  const seen = new Set<ModelType>();
  const waiting: (readonly [ModelType, MemberContext])[] = [[root, context]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [model, place] = next;
    if (seen.has(model)) continue;
    seen.add(model);
    if (model.sendOnly === undefined) waiting.push(...partsOf(model.shape, place).reverse());
    else found.push({ type: model.sendOnly, context: place });
  }
  return found;
}

function partsOf(shape: ShapeModel, context: MemberContext): (readonly [ModelType, MemberContext])[] {
  const inner = elementOf(context);
  switch (shape.kind) {
    case "primitive":
    case "literal":
      return [];
    case "object": {
      const open = [...(shape.patterns ?? []).map(({ value }) => value), shape.additional].filter(
        (part) => part !== null,
      );
      return [
        ...shape.fields.map(({ name, type, span }) => [type, memberOf(context, name, span)] as const),
        ...open.map((part) => [part, inner] as const),
      ];
    }
    case "array":
    case "set":
      return [[shape.element, inner]];
    case "record":
      return [[shape.value, inner]];
    case "map":
      return [shape.key, shape.value].map((part) => [part, inner] as const);
    case "union":
      return shape.options.map((option) => [option, context] as const);
    case "tuple": {
      const elements = [...shape.elements, ...shape.trailing].map(({ type }) => type);
      return [...elements, ...(shape.rest === null ? [] : [shape.rest])].map((part) => [part, inner] as const);
    }
  }
}
