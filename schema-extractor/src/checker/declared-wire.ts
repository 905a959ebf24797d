import ts from "typescript";
import { type NodeHandle, unwrapNode } from "./handles.ts";
import type { SdkSymbols } from "./sdk-symbols.ts";

/** A wire type as a declaration names it. */
export interface DeclaredWire {
  /** "Header", "Query", "Cookie" or "HttpStatus". */
  readonly type: string;
  /** The name it is given; "" where the field's own name serves. */
  readonly name: string;
}

const wireTypes = new Set(["Header", "Query", "Cookie", "HttpStatus"]);

/** Type parameters of the aliases that led here, with what they stand for. */
type Given = ReadonlyMap<ts.Symbol, ts.TypeNode>;

/**
 * Finds wire types in a declared type.
 *
 * The official package's `Header<"X-Name">` is an alias that resolves to `string`, with nothing left of the name: what is
 * written in the declaration is all there is. Aliases are followed, with their parameters.
 */
export class DeclaredWireReader {
  readonly #checker: ts.TypeChecker;
  readonly #sdk: SdkSymbols;

  constructor(checker: ts.TypeChecker, sdk: SdkSymbols) {
    this.#checker = checker;
    this.#sdk = sdk;
  }

  read(node: NodeHandle | undefined): DeclaredWire | undefined {
    return node === undefined ? undefined : this.#read(unwrapNode(node), new Map(), 0);
  }

  #read(node: ts.Node, given: Given, depth: number): DeclaredWire | undefined {
    if (depth > 16) return undefined;
    if (ts.isParenthesizedTypeNode(node)) return this.#read(node.type, given, depth + 1);
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return this.#first(node.types, given, depth);
    if (!ts.isTypeReferenceNode(node)) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    if (symbol === undefined) return undefined;
    const parameter = given.get(symbol);
    if (parameter !== undefined) return this.#read(parameter, new Map(), depth + 1);
    const sdk = this.#sdk.nameOf(symbol);
    if (sdk?.module === "api" && wireTypes.has(sdk.name)) {
      return { type: sdk.name, name: this.#nameGiven(node.typeArguments ?? [], given) };
    }
    return this.#followAlias(this.#sdk.resolve(symbol), node.typeArguments ?? [], given, depth);
  }

  #first(nodes: readonly ts.TypeNode[], given: Given, depth: number): DeclaredWire | undefined {
    for (const node of nodes) {
      const found = this.#read(node, given, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #followAlias(symbol: ts.Symbol, args: readonly ts.TypeNode[], given: Given, depth: number): DeclaredWire | undefined {
    const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
    if (alias === undefined) return undefined;
    const inner = new Map<ts.Symbol, ts.TypeNode>();
    for (const [index, parameter] of (alias.typeParameters ?? []).entries()) {
      const name = this.#checker.getSymbolAtLocation(parameter.name);
      const argument = args[index] ?? parameter.default;
      if (name !== undefined && argument !== undefined) inner.set(name, this.#substitute(argument, given));
    }
    return this.#read(alias.type, inner, depth + 1);
  }

  /** What a type argument stands for, where it is a parameter of the alias it is written in. */
  #substitute(node: ts.TypeNode, given: Given): ts.TypeNode {
    if (!ts.isTypeReferenceNode(node)) return node;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    return (symbol === undefined ? undefined : given.get(symbol)) ?? node;
  }

  /** `Header<"X">` has the name first, `Header<number, "X">` second. */
  #nameGiven(args: readonly ts.TypeNode[], given: Given): string {
    for (const argument of [args[1], args[0]]) {
      if (argument === undefined) continue;
      const type = this.#checker.getTypeFromTypeNode(this.#substitute(argument, given));
      if (type.isStringLiteral()) return type.value;
    }
    return "";
  }
}
