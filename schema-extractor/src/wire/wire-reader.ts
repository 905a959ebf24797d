import type { DeclaredWireReader } from "../checker/declared-wire.ts";
import type { TypeReader } from "../checker/type-reader.ts";
import type { PropertyView } from "../checker/type-view.ts";
import type { WireModel } from "../model/type-model.ts";

const kindsByType: Readonly<Record<string, WireModel["kind"]>> = {
  Header: "header",
  Query: "query",
  Cookie: "cookie",
  HttpStatus: "status",
  Attribute: "attribute",
};

/** Where a field travels; a null name is one that isn't known at build time. */
export type WireReading = Omit<WireModel, "name"> & { readonly name: string | null };

/** Finds out where a field travels: by the brand on its type, else by what its declaration says. */
export class WireReader {
  readonly #types: TypeReader;
  readonly #declared: DeclaredWireReader;

  constructor(types: TypeReader, declared: DeclaredWireReader) {
    this.#types = types;
    this.#declared = declared;
  }

  read(property: PropertyView): WireReading | null {
    const brand = this.#types.findBrand(property.type, "wire");
    if (brand !== undefined) {
      const kind = brand.payload.get("kind");
      const name = brand.payload.get("name");
      if (isKind(kind)) return typeof name === "string" ? wire(kind, name, property.name) : { kind, name: null };
    }
    const declared = this.#declared.read(property.symbol, property.node);
    const kind = declared === undefined ? undefined : kindsByType[declared.type];
    if (declared === undefined || kind === undefined) return null;
    return declared.name === null ? { kind, name: null } : wire(kind, declared.name, property.name);
  }
}

function isKind(kind: unknown): kind is WireModel["kind"] {
  return Object.values(kindsByType).some((known) => known === kind);
}

function wire(kind: WireModel["kind"], given: string, field: string): WireModel {
  const name = given === "" ? field : given;
  if (kind === "status" || kind === "attribute") return { kind, name: "" };
  // Header names have no case (RFC 9110, 5.1); the artifact has them as HTTP/2 writes them.
  return { kind, name: kind === "header" ? name.toLowerCase() : name };
}
