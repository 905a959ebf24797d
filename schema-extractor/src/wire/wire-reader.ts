import type { DeclaredWireReader } from "../checker/declared-wire.ts";
import type { TypeReader } from "../checker/type-reader.ts";
import type { PropertyView } from "../checker/type-view.ts";
import type { WireModel } from "../model/type-model.ts";

const kindsByType: Readonly<Record<string, WireModel["kind"]>> = {
  Header: "header",
  Query: "query",
  Cookie: "cookie",
  HttpStatus: "status",
};

/** Finds out where a field travels: by the brand on its type, else by what its declaration says. */
export class WireReader {
  readonly #types: TypeReader;
  readonly #declared: DeclaredWireReader;

  constructor(types: TypeReader, declared: DeclaredWireReader) {
    this.#types = types;
    this.#declared = declared;
  }

  read(property: PropertyView): WireModel | null {
    const brand = this.#types.findBrand(property.type, "wire");
    if (brand !== undefined) {
      const kind = brand.payload.get("kind");
      const name = brand.payload.get("name");
      if (isKind(kind)) return wire(kind, typeof name === "string" ? name : "", property.name);
    }
    const declared = this.#declared.read(property.node);
    const kind = declared === undefined ? undefined : kindsByType[declared.type];
    return declared === undefined || kind === undefined ? null : wire(kind, declared.name, property.name);
  }
}

function isKind(kind: unknown): kind is WireModel["kind"] {
  return kind === "header" || kind === "query" || kind === "cookie" || kind === "status";
}

function wire(kind: WireModel["kind"], given: string, field: string): WireModel {
  const name = given === "" ? field : given;
  if (kind === "status") return { kind, name: "" };
  // Header names have no case (RFC 9110, 5.1); the artifact has them as HTTP/2 writes them.
  return { kind, name: kind === "header" ? name.toLowerCase() : name };
}
