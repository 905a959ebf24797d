import ts from "typescript";
import { mappedTemplateOf, parameterIn } from "./compiler-internals.ts";
import { type NodeHandle, type SymbolHandle, unwrapNode, unwrapSymbol } from "./handles.ts";
import type { SdkSymbols } from "./sdk-symbols.ts";
import { declaredTypeNode, indexedProperty } from "./type-queries.ts";

/** A wire type as a declaration names it. */
export interface DeclaredWire {
  /** "Header", "Query", "Cookie", "HttpStatus" or "Attribute". */
  readonly type: string;
  /** The name it is given; "" where the field's own name serves, null where it isn't one text. */
  readonly name: string | null;
}

const wireTypes = new Set(["api/Header", "api/Query", "api/Cookie", "api/HttpStatus", "pubsub/Attribute"]);

/** What type parameters stand for. */
interface Given {
  /** Those of the aliases that led here. */
  readonly nodes: ReadonlyMap<ts.Symbol, ts.TypeNode>;
  /** The property that is read: the generic type it belongs to has parameters, too. */
  readonly property: ts.Symbol;
}

/**
 * Finds wire types in a declared type.
 *
 * The official package's `Header<"X-Name">` is an alias that resolves to `string`, with nothing left of the name: what is
 * written in the declaration is all there is. Aliases are followed, with their parameters. A type argument that is itself
 * `Header<"X-Name">` is `string` before it gets to the declaration, and is not found.
 */
export class DeclaredWireReader {
  readonly #checker: ts.TypeChecker;
  readonly #sdk: SdkSymbols;

  constructor(checker: ts.TypeChecker, sdk: SdkSymbols) {
    this.#checker = checker;
    this.#sdk = sdk;
  }

  /** @param node the type of the property's declaration */
  read(property: SymbolHandle, node: NodeHandle | undefined): DeclaredWire | undefined {
    const symbol = unwrapSymbol(property);
    const given = { nodes: new Map(), property: symbol };
    const template = mappedTemplateOf(symbol);
    const found = template === undefined ? undefined : this.#read(template, given, 0);
    // A mapped type that doesn't take its properties' types from the declarations gives them its own.
    if (found !== undefined || node === undefined || (template !== undefined && !takesDeclared(template))) return found;
    return this.#read(unwrapNode(node), given, 0);
  }

  #read(node: ts.Node, given: Given, depth: number): DeclaredWire | undefined {
    if (depth > 16) return undefined;
    if (ts.isParenthesizedTypeNode(node)) return this.#read(node.type, given, depth + 1);
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return this.#first(node.types, given, depth);
    if (ts.isIndexedAccessTypeNode(node)) return this.#readIndexed(node, depth);
    if (!ts.isTypeReferenceNode(node)) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    if (symbol === undefined) return undefined;
    const parameter = given.nodes.get(symbol);
    if (parameter !== undefined) return this.#read(parameter, { ...given, nodes: new Map() }, depth + 1);
    const sdk = this.#sdk.nameOf(symbol);
    if (sdk !== undefined && wireTypes.has(`${sdk.module}/${sdk.name}`)) {
      return { type: sdk.name, name: this.#nameGiven(node.typeArguments ?? [], given) };
    }
    return this.#followAlias(this.#sdk.resolve(symbol), node.typeArguments ?? [], given, depth);
  }

  #readIndexed(node: ts.IndexedAccessTypeNode, depth: number): DeclaredWire | undefined {
    const property = indexedProperty(this.#checker, node);
    const declared = declaredTypeNode(property?.valueDeclaration);
    if (property === undefined || declared === undefined) return undefined;
    return this.#read(declared, { nodes: new Map(), property }, depth + 1);
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
    return this.#read(alias.type, { ...given, nodes: inner }, depth + 1);
  }

  /** What a type argument stands for, where it is a parameter of the alias it is written in. */
  #substitute(node: ts.TypeNode, given: Given): ts.TypeNode {
    if (!ts.isTypeReferenceNode(node)) return node;
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    return (symbol === undefined ? undefined : given.nodes.get(symbol)) ?? node;
  }

  /** `Header<"X">` has the name first, `Header<number, "X">` second. */
  #nameGiven(args: readonly ts.TypeNode[], given: Given): string | null {
    const [first, second] = args;
    const argument = second ?? first;
    if (argument === undefined) return "";
    const written = this.#checker.getTypeFromTypeNode(this.#substitute(argument, given));
    const type = parameterIn(given.property, written);
    if (type.isStringLiteral()) return type.value;
    return second !== undefined || isSomeTexts(type) ? null : "";
  }
}

/** Whether a mapped type's template refers to the properties it is made of: `T[K]`, in whatever it is wrapped. */
function takesDeclared(template: ts.Node): boolean {
  return (
    ts.isIndexedAccessTypeNode(template) ||
    ts.forEachChild(template, (child) => takesDeclared(child) || undefined) === true
  );
}

function isSomeTexts(type: ts.Type): boolean {
  return type.isUnion() && type.types.every((member) => member.isStringLiteral());
}
