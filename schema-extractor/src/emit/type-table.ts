import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type TypeSchema, TypeSchemaSchema } from "../../generated/application_pb.js";
import type { FieldModel, ModelType, ShapeModel } from "../model/type-model.ts";
import { emitLiteral, encodable, emitPrimitive, emitRule, emitWire } from "./scalars.ts";
import type { SourceTable } from "./source-table.ts";

/**
 * Numbers types in the order they are met.
 *
 * Named types and objects are one each; of the others, those that say the same are one. Whatever refers to itself gets its
 * number before its content is looked at.
 */
export class TypeTable {
  readonly #sources: SourceTable;
  readonly #types: TypeSchema[] = [];
  readonly #ids = new Map<ModelType, number>();
  readonly #open = new Set<ModelType>();
  readonly #same = new Map<string, number>();

  constructor(sources: SourceTable) {
    this.#sources = sources;
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
    const shape = this.#shape(model.shape);
    this.#open.delete(model);
    // Met again on the way: the number is given already, and the content fills it.
    const given = this.#ids.get(model);
    if (given !== undefined) return given;
    return this.#share(model, shape);
  }

  /** Gives a number at once, and fills it as soon as its content is known. */
  #reserve(model: ModelType): number {
    const id = this.#types.length;
    const type = this.#describe(model);
    this.#types.push(type);
    this.#ids.set(model, id);
    type.shape = this.#shape(model.shape);
    return id;
  }

  #share(model: ModelType, shape: TypeSchema["shape"]): number {
    const type = this.#describe(model);
    type.shape = shape;
    const key = contentKey(model, shape);
    const same = this.#same.get(key);
    const id = same ?? this.#types.length;
    if (same === undefined) {
      this.#types.push(type);
      this.#same.set(key, id);
    }
    this.#ids.set(model, id);
    return id;
  }

  #describe(model: ModelType): TypeSchema {
    const type = create(TypeSchemaSchema, { name: model.name, doc: model.doc });
    if (model.span !== null) type.position = this.#sources.position(model.span);
    if (model.rule !== null) type.rule = emitRule(model.rule);
    return type;
  }

  #shape(shape: ShapeModel): TypeSchema["shape"] {
    const { shape: emitted } = create(TypeSchemaSchema, { shape: this.#content(shape) });
    return emitted;
  }

  #content(shape: ShapeModel): NonNullable<MessageInitShape<typeof TypeSchemaSchema>["shape"]> {
    switch (shape.kind) {
      case "primitive":
        return { case: "primitive", value: emitPrimitive(shape.primitive) };
      case "literal":
        return { case: "literal", value: emitLiteral(shape.value) };
      case "object": {
        const fields = shape.fields.map((field) => this.#field(field));
        return {
          case: "object",
          value: { fields, ...(shape.additional === null ? {} : { additional: this.idOf(shape.additional) }) },
        };
      }
      case "array":
        return { case: "array", value: { element: this.idOf(shape.element) } };
      case "record": {
        const value = this.idOf(shape.value);
        return { case: "record", value: { value, ...(shape.key === null ? {} : { key: this.idOf(shape.key) }) } };
      }
      case "union":
        return { case: "union", value: { options: shape.options.map((option) => this.idOf(option)) } };
    }
  }

  #field(field: FieldModel) {
    return {
      name: encodable(field.name),
      type: this.idOf(field.type),
      optional: field.optional,
      doc: field.doc,
      ...(field.span === null ? {} : { position: this.#sources.position(field.span) }),
      ...(field.wire === null ? {} : { wire: emitWire(field.wire) }),
      ...(field.defaultJson === undefined ? {} : { defaultJson: encodable(field.defaultJson) }),
    };
  }
}

/** Says what a type says; the same for types that say the same. */
function contentKey({ rule, shape: model }: ModelType, shape: TypeSchema["shape"]): string {
  // Most types are primitives, and a key is made for every use.
  const content = model.kind === "primitive" ? model.primitive : JSON.stringify(shape);
  return rule === null ? content : `${content} ${JSON.stringify(rule)}`;
}

/** Whether a type is itself, whatever others say the same. */
function isOneOfAKind(model: ModelType): boolean {
  return model.name !== "" || model.shape.kind === "object";
}
