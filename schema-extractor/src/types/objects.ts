import { numericKeyPattern } from "../checker/template-pattern.ts";
import type { IndexView, ObjectView, PropertyView } from "../checker/type-view.ts";
import { anonymousType, type FieldModel, type ModelType, type ShapeModel } from "../model/type-model.ts";
import { buildWritten, readDefaultTag, readWire } from "./field-declarations.ts";
import { elementOf, memberOf, type MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";

/** An object by its properties and index signatures. */
export function buildObject(builder: TypeBuilder, view: ObjectView, context: MemberContext): ShapeModel {
  const fields = view.properties.map((property) => buildField(builder, property, context));
  const index = chooseIndex(builder, view.indexes);
  if (index === undefined) return { kind: "object", fields, additional: null };
  const value = buildIndexValue(builder, index.view, context);
  if (fields.length === 0) return { kind: "record", value, key: index.key };
  if (index.key !== null) {
    builder.reject(context, {
      message: "An index signature whose keys follow a pattern is not supported beside named members.",
      help: "Use a string index signature, or put the open part into a member of its own.",
    });
  }
  return { kind: "object", fields, additional: value };
}

function buildField(builder: TypeBuilder, property: PropertyView, context: MemberContext): FieldModel {
  const inner = memberOf(context, property.name, property.span ?? null);
  const wire = readWire(builder, property, inner);
  const type =
    // Which statuses there are is HTTP's matter: a schema of sixty literals would say less than "a number".
    wire?.kind === "status"
      ? anonymousType({ kind: "primitive", primitive: "number" })
      : builder.rules.withTags(property.tags, buildWritten(builder, property.type, inner, property.node), inner);
  const defaultJson = readDefaultTag(builder, property.tags, type, wire, inner);
  return {
    name: property.name,
    type,
    optional: property.optional || defaultJson !== undefined,
    doc: property.doc,
    span: property.span ?? null,
    wire,
    ...(defaultJson === undefined ? {} : { defaultJson }),
  };
}

function buildIndexValue(builder: TypeBuilder, index: IndexView, context: MemberContext): ModelType {
  const present = builder.view.types.withoutUndefined(index.value);
  // A key that holds undefined is a key that isn't there.
  return present === undefined
    ? anonymousType({ kind: "primitive", primitive: "null" })
    : builder.build(present.type, elementOf(context));
}

/** The index signature that decides: the one of all strings, if there is one. */
function chooseIndex(
  builder: TypeBuilder,
  indexes: readonly IndexView[],
): { readonly view: IndexView; readonly key: ModelType | null } | undefined {
  const keyed = indexes.map((view) => ({ view, key: keyOf(builder, view) }));
  return keyed.find((index) => index.key === null) ?? keyed[0];
}

function keyOf(builder: TypeBuilder, index: IndexView): ModelType | null {
  const key = builder.view.types.view(index.key);
  if (key.kind === "template") return patternKey(key.pattern);
  return key.kind === "primitive" && key.primitive === "number" ? patternKey(numericKeyPattern) : null;
}

function patternKey(pattern: string): ModelType {
  return { ...anonymousType({ kind: "primitive", primitive: "string" }), rule: { kind: "matches", text: pattern } };
}
