import type { Span } from "../isolate/protocol.ts";

/** A type as JSON carries it. Models refer to each other, in circles where types are recursive. */
export interface ModelType {
  /** "" where it is anonymous. */
  name: string;
  /** Of its declaration, where it has one in the application's sources. */
  span: Span | null;
  doc: string;
  rule: RuleModel | null;
  shape: ShapeModel;
  /** The type that JSON is written from but can't be read into; absent where both ways are open. */
  sendOnly?: string;
}

export type ShapeModel =
  | { readonly kind: "primitive"; readonly primitive: PrimitiveModel; readonly bytesClass?: BytesClassModel }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | ObjectShapeModel
  | { readonly kind: "array"; readonly element: ModelType }
  | { readonly kind: "record"; readonly value: ModelType; readonly key: ModelType | null }
  | { readonly kind: "union"; readonly options: readonly ModelType[] }
  | TupleShapeModel
  | { readonly kind: "set"; readonly element: ModelType }
  | { readonly kind: "map"; readonly key: ModelType; readonly value: ModelType };

export interface TupleShapeModel {
  readonly kind: "tuple";
  /** Those that may be missing come last. */
  readonly elements: readonly TupleElementModel[];
  /** Any number of elements after those. */
  readonly rest: ModelType | null;
  /** The last ones, after `rest`; never optional. */
  readonly trailing: readonly TupleElementModel[];
}

export interface TupleElementModel {
  readonly type: ModelType;
  readonly optional: boolean;
  /** "" where it has none. */
  readonly label: string;
}

export interface ObjectShapeModel {
  readonly kind: "object";
  readonly fields: readonly FieldModel[];
  /** Index signatures whose keys follow a pattern: the first that fits decides. Absent: none. */
  readonly patterns?: readonly PatternFieldsModel[];
  /** What an index signature beside the fields holds. */
  readonly additional: ModelType | null;
}

export interface PatternFieldsModel {
  readonly key: ModelType;
  readonly value: ModelType;
}

export type PrimitiveModel = "string" | "number" | "boolean" | "null" | "any" | "date" | "bigint" | "decimal" | "bytes";

/** What holds bytes, where that isn't a Uint8Array. */
export type BytesClassModel = "ArrayBuffer" | "Buffer";

export interface FieldModel {
  readonly name: string;
  readonly type: ModelType;
  readonly optional: boolean;
  readonly doc: string;
  readonly span: Span | null;
  readonly wire: WireModel | null;
  /** What a missing field becomes, as JSON that is valid for the type; the field is optional then. */
  readonly defaultJson?: string;
}

/** Where a field travels when its type says so. */
export interface WireModel {
  readonly kind: "header" | "query" | "cookie" | "status" | "attribute";
  /** A header's is in lower case; "" for a status and an attribute. */
  readonly name: string;
}

export type RuleModel =
  | { readonly kind: "all" | "any"; readonly rules: readonly RuleModel[] }
  | { readonly kind: "min" | "max" | "minLength" | "maxLength"; readonly value: number }
  | { readonly kind: "startsWith" | "endsWith" | "matches"; readonly text: string }
  | { readonly kind: "format"; readonly format: FormatModel }
  | { readonly kind: "integer" | "uniqueItems" }
  | { readonly kind: "multipleOf"; readonly value: number }
  | BoundModel;

/** A bound that `min` and `max` can't say; a text holds a bigint's or decimal's digits, or a Date's RFC 3339 text. */
export interface BoundModel {
  readonly kind: "lower" | "upper";
  readonly value: number | string;
  readonly exclusive: boolean;
}

export type FormatModel =
  | "email"
  | "url"
  | "uuid"
  | "ip"
  | "ipv4"
  | "ipv6"
  | "date"
  | "time"
  | "date-time"
  | "duration"
  | "hostname"
  | "uri"
  | "base64"
  | "json-pointer"
  | "regex";

/** An anonymous type of a shape. */
export function anonymousType(shape: ShapeModel): ModelType {
  return { name: "", span: null, doc: "", rule: null, shape };
}
