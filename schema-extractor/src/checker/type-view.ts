import type { Span } from "../isolate/protocol.ts";
import type { NodeHandle, SymbolHandle, TypeHandle } from "./handles.ts";

/** What a resolved type is, as far as JSON is concerned. */
export type TypeView =
  | { readonly kind: "primitive"; readonly primitive: PrimitiveName }
  | { readonly kind: "literal"; readonly value: string | number | boolean | bigint }
  /** A template-literal type; `pattern` is a regular expression, anchored, in JavaScript's syntax. */
  | { readonly kind: "template"; readonly pattern: string }
  | { readonly kind: "array"; readonly element: TypeHandle; readonly elementNode: NodeHandle | undefined }
  | { readonly kind: "tuple"; readonly elements: readonly TypeHandle[] }
  | ObjectView
  /** Members in declaration order, never unions themselves; `undefined` among them. */
  | { readonly kind: "union"; readonly members: readonly TypeHandle[] }
  /** Brands around a type. */
  | { readonly kind: "branded"; readonly base: TypeView; readonly brands: readonly Brand[] }
  /** A class of the language's library or of the platform, by its name: "Date", "Map", "Uint8Array". */
  | { readonly kind: "platform"; readonly name: string; readonly arguments: readonly TypeHandle[] }
  /** A class of the SDK, such as "Decimal". */
  | { readonly kind: "sdk"; readonly name: string }
  | { readonly kind: "function" }
  | { readonly kind: "symbol" }
  | { readonly kind: "never" }
  /** A type parameter, or something that waits for one. */
  | { readonly kind: "unresolved" }
  /** The compiler found an error here, and reports it. */
  | { readonly kind: "error" };

export type PrimitiveName = "string" | "number" | "boolean" | "bigint" | "null" | "undefined" | "any" | "object";

/** An object by its members. */
export interface ObjectView {
  readonly kind: "object";
  readonly properties: readonly PropertyView[];
  readonly indexes: readonly IndexView[];
}

export interface PropertyView {
  readonly name: string;
  /** Without `undefined`, which `optional` stands for. */
  readonly type: TypeHandle;
  readonly optional: boolean;
  readonly doc: string;
  /** Where it is declared, in the application's own sources. */
  readonly span: Span | undefined;
  /** The type as it is written there; it may be more general than `type`. */
  readonly node: NodeHandle | undefined;
  readonly symbol: SymbolHandle;
  /** The tags of its comment that the extractor knows. */
  readonly tags: readonly TagView[];
}

/** A tag of a JSDoc comment: `@minimum 1`. */
export interface TagView {
  /** "minimum". */
  readonly name: string;
  /** What follows it, trimmed. */
  readonly text: string;
  /** Where within the type it belongs: `Age[]` has the tags of Age at its elements. */
  readonly path: readonly TypePart[];
  /** Whether it may turn out to be for another type: the declaration isn't the application's own, or the type isn't the declared one. */
  readonly isLenient: boolean;
}

/** What a type holds: elements of arrays and sets, values of records, keys and values of maps. */
export type TypePart = "element" | "key" | "value";

/** An index signature. */
export interface IndexView {
  readonly key: TypeHandle;
  readonly value: TypeHandle;
}

/** What the SDK's declarations say of a type besides what it is. */
export interface Brand {
  readonly kind: "rule" | "wire";
  /** The payload's members with their values; undefined for one that isn't a literal. */
  readonly payload: ReadonlyMap<string, LiteralValue | undefined>;
}

export type LiteralValue = string | number | boolean | bigint;

/** How a type is called, and where. */
export interface TypeIdentity {
  /** "Page<Post>"; "" where it has no name of its own. */
  readonly name: string;
  readonly doc: string;
  readonly span: Span | undefined;
}
