import { numericKeyPattern } from "../checker/template-pattern.ts";
import type { IndexView, ObjectView, PropertyView } from "../checker/type-view.ts";
import { anonymousType, type FieldModel, type ModelType, type ShapeModel } from "../model/type-model.ts";
import { buildWritten, readDefaultTag, readWire } from "./field-declarations.ts";
import { elementOf, memberOf, type MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";

/** An object by its properties and index signatures. */
export function buildObject(builder: TypeBuilder, view: ObjectView, context: MemberContext): ShapeModel {
  const fields = view.properties.map((property) => buildField(builder, property, context));
  const { open, keyed } = sortIndexes(builder, view.indexes);
  const additional = open === undefined ? null : buildIndexValue(builder, open, context);
  const patterns = keyed.map(({ key, index }) => ({ key, value: buildIndexValue(builder, index, context) }));
  const [only, ...others] = patterns;
  if (fields.length > 0 || others.length > 0 || (only !== undefined && additional !== null)) {
    return { kind: "object", fields, ...(only === undefined ? {} : { patterns }), additional };
  }
  if (only !== undefined) return { kind: "record", value: only.value, key: only.key };
  return additional === null
    ? { kind: "object", fields, additional }
    : { kind: "record", value: additional, key: null };
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

interface KeyedIndex {
  readonly key: ModelType;
  readonly index: IndexView;
}

/** The index signature of all strings, and those of some that say something else. One that no value fits says nothing. */
function sortIndexes(
  builder: TypeBuilder,
  indexes: readonly IndexView[],
): { readonly open: IndexView | undefined; readonly keyed: readonly KeyedIndex[] } {
  const known = indexes
    .filter((index) => !builder.view.types.isNever(index.value))
    .map((index) => ({ index, key: keyOf(builder, index) }));
  const open = known.find(({ key }) => key === null)?.index;
  const keyed = known.flatMap(({ key, index }) =>
    key === null || index.value === open?.value ? [] : [{ key, index }],
  );
  return { open, keyed };
}

/** The keys that an index signature is for; null: all. */
function keyOf(builder: TypeBuilder, index: IndexView): ModelType | null {
  const key = builder.view.types.view(index.key);
  if (key.kind === "template") return patternKey(key.pattern);
  return key.kind === "primitive" && key.primitive === "number" ? patternKey(numericKeyPattern) : null;
}

function patternKey(pattern: string): ModelType {
  return { ...anonymousType({ kind: "primitive", primitive: "string" }), rule: { kind: "matches", text: pattern } };
}
