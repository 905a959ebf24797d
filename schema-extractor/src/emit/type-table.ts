import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Field,
  FieldSchema,
  type ObjectShape,
  ObjectShapeSchema,
  PatternFieldsSchema,
  type TypeSchema,
  TypeSchemaSchema,
} from "../../generated/types_pb.js";
import type { FieldModel, ModelType, ObjectShapeModel, ShapeModel, TupleElementModel } from "../model/type-model.ts";
import { emitBytesClass, emitLiteral, encodable, emitPrimitive, emitRule, emitWire } from "./scalars.ts";
import type { EmittedTypes } from "./emitted-types.ts";
import { partsOf, renumber } from "./references.ts";
import type { SourceTable } from "./source-table.ts";

/** How deep types are looked at within others before the rest has to wait: the stack is no longer than it is. */
const maximumDepth = 128;

/**
 * Numbers types in the order they are met.
 *
 * Named types and objects are one each; of the others, those that say the same are one. Whatever refers to itself gets its
 * number before its content is looked at.
 */
export class TypeTable {
  readonly #sources: SourceTable;
  readonly #emitted: EmittedTypes;
  readonly #types: TypeSchema[] = [];
  readonly #ids = new Map<ModelType, number>();
  readonly #open = new Set<ModelType>();
  readonly #same = new Map<string, number>();
  readonly #postponed: { readonly model: ModelType; readonly type: TypeSchema }[] = [];
  #depth = 0;

  /** @param emitted types of earlier artifacts of the same application */
  constructor(sources: SourceTable, emitted: EmittedTypes) {
    this.#sources = sources;
    this.#emitted = emitted;
  }

  /** By id. */
  get types(): TypeSchema[] {
    return this.#types;
  }

  idOf(model: ModelType): number {
    const known = this.#ids.get(model);
    if (known !== undefined) return known;
    if (isOneOfAKind(model) || this.#open.has(model)) return this.#reserve(model);
    this.#open.add(model);
    const key = this.#contentKey(model);
    this.#open.delete(model);
    // Met again on the way: the number is given already, and its content is there.
    const given = this.#ids.get(model);
    if (given !== undefined) return given;
    return this.#share(model, key);
  }

  /** Gives a number at once, and fills it as soon as its content is known. */
  #reserve(model: ModelType): number {
    const id = this.#types.length;
    const type = this.#emitted.get(model) ?? this.#describe(model);
    this.#types.push(type);
    this.#ids.set(model, id);
    if (model.shape.kind === "object" && this.#depth >= maximumDepth) this.#postponed.push({ model, type });
    else this.#fill(model, type);
    while (this.#depth === 0) {
      const next = this.#postponed.shift();
      if (next === undefined) break;
      this.#fill(next.model, next.type);
    }
    return id;
  }

  #fill(model: ModelType, type: TypeSchema): void {
    this.#depth++;
    if (this.#emitted.get(model) === undefined) {
      type.shape = this.#shape(model.shape);
      this.#emitted.keep(model, type);
    } else {
      this.#placeAgain(model, type);
      renumber(type, this.#referencesOf(model.shape));
    }
    this.#depth--;
  }

  /** Counts the places of a type in that was emitted before. */
  #placeAgain({ span, shape }: ModelType, type: TypeSchema): void {
    if (span !== null) this.#sources.add(span.file, type.position);
    if (shape.kind !== "object" || type.shape.case !== "object") return;
    for (const [index, field] of shape.fields.entries()) {
      if (field.span !== null) this.#sources.add(field.span.file, type.shape.value.fields[index]?.position);
    }
  }

  /** The numbers of the types that a shape refers to, in the order in which a first look at it meets them. */
  #referencesOf(shape: ShapeModel): readonly number[] {
    return partsOf(shape).map((part) => this.idOf(part));
  }

  #share(model: ModelType, key: string): number {
    const same = this.#same.get(key);
    if (same !== undefined) {
      this.#ids.set(model, same);
      return same;
    }
    const id = this.#reserve(model);
    this.#same.set(key, id);
    return id;
  }

  /** Says what a type says; the same for types that say the same. Most types are primitives, and a key is made for every use. */
  #contentKey({ rule, shape }: ModelType): string {
    const content = this.#contentText(shape);
    return rule === null ? content : `${content} ${JSON.stringify(rule)}`;
  }

  #contentText(shape: ShapeModel): string {
    switch (shape.kind) {
      case "primitive":
        return shape.bytesClass ?? shape.primitive;
      case "literal":
        return JSON.stringify(shape.value);
      case "array":
      case "set":
        return `${shape.kind} ${this.idOf(shape.element)}`;
      case "record":
        return `record ${this.idOf(shape.value)} ${shape.key === null ? "" : this.idOf(shape.key)}`;
      case "map":
        return `map ${this.idOf(shape.key)} ${this.idOf(shape.value)}`;
      case "union":
        return `union ${shape.options.map((option) => this.idOf(option)).join(" ")}`;
      case "tuple":
      case "object":
        return JSON.stringify(this.#shape(shape));
    }
  }

  #describe(model: ModelType): TypeSchema {
    const type = create(TypeSchemaSchema);
    type.name = model.name;
    type.doc = model.doc;
    if (model.span !== null) type.position = this.#sources.position(model.span);
    if (model.rule !== null) type.rule = emitRule(model.rule);
    if (model.shape.kind === "primitive") type.bytesClass = emitBytesClass(model.shape.bytesClass);
    return type;
  }

  /** Objects, which most of an artifact consists of, are put together by hand: `create` looks at every member of what it is given. */
  #shape(shape: ShapeModel): TypeSchema["shape"] {
    if (shape.kind === "primitive") return { case: "primitive", value: emitPrimitive(shape.primitive) };
    if (shape.kind === "object") return { case: "object", value: this.#object(shape) };
    const { shape: emitted } = create(TypeSchemaSchema, { shape: this.#content(shape) });
    return emitted;
  }

  #object(shape: ObjectShapeModel): ObjectShape {
    const object = create(ObjectShapeSchema);
    object.fields = shape.fields.map((field) => this.#field(field));
    for (const { key, value } of shape.patterns ?? []) {
      object.patterns.push(create(PatternFieldsSchema, { key: this.idOf(key), value: this.idOf(value) }));
    }
    if (shape.additional !== null) object.additional = this.idOf(shape.additional);
    return object;
  }

  #content(
    shape: Exclude<ShapeModel, { kind: "primitive" | "object" }>,
  ): NonNullable<MessageInitShape<typeof TypeSchemaSchema>["shape"]> {
    switch (shape.kind) {
      case "literal":
        return { case: "literal", value: emitLiteral(shape.value) };
      case "array":
        return { case: "array", value: { element: this.idOf(shape.element) } };
      case "record": {
        const value = this.idOf(shape.value);
        return { case: "record", value: { value, ...(shape.key === null ? {} : { key: this.idOf(shape.key) }) } };
      }
      case "union":
        return { case: "union", value: { options: shape.options.map((option) => this.idOf(option)) } };
      case "tuple": {
        const elements = shape.elements.map((element) => this.#element(element));
        const rest = shape.rest === null ? {} : { rest: this.idOf(shape.rest) };
        const trailing = shape.trailing.map((element) => this.#element(element));
        return { case: "tuple", value: { elements, ...rest, trailing } };
      }
      case "set":
        return { case: "set", value: { element: this.idOf(shape.element) } };
      case "map":
        return { case: "map", value: { key: this.idOf(shape.key), value: this.idOf(shape.value) } };
    }
  }

  #element({ type, optional, label }: TupleElementModel) {
    return { type: this.idOf(type), optional, label: encodable(label) };
  }

  #field(field: FieldModel): Field {
    const emitted = create(FieldSchema);
    emitted.name = encodable(field.name);
    emitted.type = this.idOf(field.type);
    emitted.optional = field.optional;
    emitted.doc = field.doc;
    if (field.span !== null) emitted.position = this.#sources.position(field.span);
    if (field.wire !== null) emitted.wire = emitWire(field.wire);
    if (field.defaultJson !== undefined) emitted.defaultJson = encodable(field.defaultJson);
    return emitted;
  }
}

/** Whether a type is itself, whatever others say the same. */
function isOneOfAKind(model: ModelType): boolean {
  return model.name !== "" || model.shape.kind === "object";
}
