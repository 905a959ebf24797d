import ts from "typescript";
import { compareText } from "../files/paths.ts";
import { originOf } from "./compiler-internals.ts";
import type { Positions } from "./positions.ts";
import { membersOf, namingSymbol } from "./type-queries.ts";

/** A part of a written union that isn't taken apart further: one type, or the several that `keyof T` stands for. */
type Leaf = readonly ts.Type[];

/**
 * Puts a union's members in the order they are written in.
 *
 * The checker keeps them by type id, which depends on what it happened to see first: another order of files, or a check
 * after an edit, gives another order. So members are looked up in the declaration, and those not found there (an inferred
 * union has none) are ordered by what they are.
 */
export class TypeOrder {
  readonly #checker: ts.TypeChecker;
  readonly #positions: Positions;

  constructor(checker: ts.TypeChecker, positions: Positions) {
    this.#checker = checker;
    this.#positions = positions;
  }

  /** @param node the type as written where it is used; the union's own alias serves where there is none */
  sort(type: ts.UnionType, node: ts.TypeNode | undefined): ts.Type[] {
    const written: Leaf[] = [];
    if (node !== undefined) this.#leaves(node, written, 0);
    this.#leavesOf(type, written);
    const open = written.findIndex((leaf) => !leaf.some((part) => type.types.includes(part)));
    const rank = (member: ts.Type): number => {
      const index = written.findIndex((leaf) => leaf.includes(member));
      // Not found under its own name: it came in through a type parameter, where the first unknown name stands.
      return index >= 0 ? index : open >= 0 ? open : written.length;
    };
    const ranks = new Map(type.types.map((member) => [member, rank(member)]));
    // Most members are found where they are written: what they are is asked of those that aren't, since it takes the checker long.
    const keys = new Map<ts.Type, string>();
    const keyOf = (member: ts.Type): string => {
      const key = keys.get(member) ?? this.keyOf(member);
      keys.set(member, key);
      return key;
    };
    return [...type.types].sort((left, right) => {
      return (ranks.get(left) ?? 0) - (ranks.get(right) ?? 0) || compareText(keyOf(left), keyOf(right));
    });
  }

  /** What members of a union without a declaration are ordered by: the same for the same sources. */
  keyOf(type: ts.Type): string {
    if (type.isIntersection()) return type.types.map((part) => this.keyOf(part)).join("&");
    if ((type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0) return "9";
    if (type.isStringLiteral()) return `3${type.value}`;
    if (type.isNumberLiteral()) return `2${sortableNumber(type.value)}`;
    if ((type.flags & ts.TypeFlags.Object) === 0) return `1${this.#checker.typeToString(type)}`;
    const declaration = namingSymbol(type)?.declarations?.[0];
    if (declaration === undefined) return `5${this.#checker.typeToString(type)}`;
    const file = this.#positions.fileName(declaration.getSourceFile().fileName);
    return `4${file}\n${sortableNumber(declaration.pos)}\n${this.#checker.typeToString(type)}`;
  }

  #leavesOf(type: ts.Type, into: Leaf[]): void {
    const alias = type.aliasSymbol?.declarations?.find(ts.isTypeAliasDeclaration);
    if (alias !== undefined) {
      this.#leaves(alias.type, into, 0);
      return;
    }
    const enumeration = type.getSymbol()?.declarations?.find(ts.isEnumDeclaration);
    if (enumeration !== undefined) {
      this.#enumMembers(enumeration, into);
      return;
    }
    // `Alias | undefined` has lost its alias, and remembers it in its origin.
    for (const part of originOf(type)?.types ?? []) this.#leavesOf(part, into);
  }

  #leaves(node: ts.TypeNode, into: Leaf[], depth: number): void {
    if (depth > 32) return;
    if (ts.isUnionTypeNode(node)) {
      for (const part of node.types) this.#leaves(part, into, depth + 1);
      return;
    }
    if (ts.isParenthesizedTypeNode(node)) {
      this.#leaves(node.type, into, depth + 1);
      return;
    }
    if (ts.isTypeReferenceNode(node)) {
      const symbol = this.#checker.getSymbolAtLocation(node.typeName);
      const target =
        symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
          ? this.#checker.getAliasedSymbol(symbol)
          : symbol;
      const alias = target?.declarations?.find(ts.isTypeAliasDeclaration);
      if (alias !== undefined && alias.typeParameters === undefined && isUnionLike(alias.type)) {
        this.#leaves(alias.type, into, depth + 1);
        return;
      }
      const enumeration = target?.declarations?.find(ts.isEnumDeclaration);
      if (enumeration !== undefined) {
        this.#enumMembers(enumeration, into);
        return;
      }
    }
    into.push(membersOf(this.#checker.getTypeFromTypeNode(node)));
  }

  #enumMembers(declaration: ts.EnumDeclaration, into: Leaf[]): void {
    for (const member of declaration.members) {
      into.push([regular(this.#checker.getTypeAtLocation(member))]);
    }
  }
}

/** The checker tells a literal just written from the type it has from then on; unions hold the latter. */
function regular(type: ts.Type): ts.Type {
  return type.isLiteral() ? type.regularType : type;
}

function isUnionLike(node: ts.TypeNode): boolean {
  return ts.isUnionTypeNode(node) || ts.isParenthesizedTypeNode(node) || ts.isTypeReferenceNode(node);
}

/** Text that sorts as the numbers do. */
function sortableNumber(value: number): string {
  const magnitude = Math.abs(value).toFixed(6).padStart(32, "0");
  return value < 0 ? `-${magnitude.replace(/\d/g, (digit) => String(9 - Number(digit)))}` : `0${magnitude}`;
}
