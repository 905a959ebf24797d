import ts from "typescript";
import type { Brand, LiteralValue } from "./type-view.ts";
import { membersOf } from "./type-queries.ts";

/** The unique symbols that name a brand's property: ours, and the official package's. */
const symbols: ReadonlyMap<string, Brand["kind"]> = new Map([
  ["encoreRule", "rule"],
  ["encoreWire", "wire"],
  ["__validate", "rule"],
]);

/** The property of the official package's `Attribute`, as the checker writes names that begin with two underscores. */
const officialAttribute = ts.escapeLeadingUnderscores("__attributeBrand");
const attribute: Brand = {
  kind: "wire",
  payload: new Map([
    ["kind", "attribute"],
    ["name", ""],
  ]),
};

/** Reads the brands that the SDK's declarations put on types; the SDK's `internal/brands` says what they look like. */
export class BrandReader {
  readonly #checker: ts.TypeChecker;
  readonly #known = new Map<ts.Type, Brand | null>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** The brand that a constituent of an intersection is; undefined where it is a type like any other. */
  read(type: ts.Type): Brand | undefined {
    let brand = this.#known.get(type);
    if (brand === undefined) {
      brand = this.#read(type) ?? null;
      this.#known.set(type, brand);
    }
    return brand ?? undefined;
  }

  #read(type: ts.Type): Brand | undefined {
    if ((type.flags & ts.TypeFlags.Object) === 0) return undefined;
    const [property, another] = this.#checker.getPropertiesOfType(type);
    if (property === undefined || another !== undefined) return undefined;
    if (property.escapedName === officialAttribute) return attribute;
    const kind = brandKind(property.escapedName);
    if (kind === undefined) return undefined;
    const payload = new Map<string, LiteralValue | undefined>();
    // Beside the payload there may be `undefined` and `object`, which have no properties.
    for (const content of membersOf(this.#checker.getTypeOfSymbol(property))) {
      if ((content.flags & ts.TypeFlags.Object) === 0) continue;
      for (const member of this.#checker.getPropertiesOfType(content)) {
        payload.set(member.name, this.#literal(this.#checker.getTypeOfSymbol(member)));
      }
    }
    return { kind, payload };
  }

  #literal(type: ts.Type): LiteralValue | undefined {
    if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
    if ((type.flags & ts.TypeFlags.BigIntLiteral) !== 0) {
      const { negative, base10Value } = (type as ts.BigIntLiteralType).value;
      return BigInt(negative ? `-${base10Value}` : base10Value);
    }
    if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return this.#checker.typeToString(type) === "true";
    return undefined;
  }
}

/** The checker names such a property `__@<symbol's name>@<its id>`. */
function brandKind(name: ts.__String): Brand["kind"] | undefined {
  const match = /^__@(.+)@\d+$/.exec(String(name));
  // Names that begin with two underscores have a third one in the checker.
  return match?.[1] === undefined ? undefined : symbols.get(match[1].replace(/^___/, "__"));
}
