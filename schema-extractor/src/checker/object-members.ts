import ts from "typescript";
import { compareText } from "../files/paths.ts";
import type { Positions } from "./positions.ts";

/** Which of an object's members JSON sees. */

/** What an instance has from its class and not itself: methods and accessors; and what its class keeps to itself. */
export function isNotOwn(symbol: ts.Symbol): boolean {
  if ((symbol.flags & ts.SymbolFlags.Prototype) !== 0) return true;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isClassLike(declaration.parent)) {
    return declaration !== undefined && ts.isParameter(declaration) && isPrivate(declaration);
  }
  if (ts.isMethodDeclaration(declaration) || ts.isAccessor(declaration) || isPrivate(declaration)) return true;
  // `accessor name = …` is an accessor of the class, too.
  return ts.isPropertyDeclaration(declaration) && ts.isAutoAccessorPropertyDeclaration(declaration);
}

/** What an object's own `toJSON()` gives; undefined where it has none. */
export function serializedType(checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined {
  const property = checker.getPropertyOfType(type, "toJSON");
  if (property === undefined || (property.flags & ts.SymbolFlags.Optional) !== 0) return undefined;
  const [signature] = checker.getTypeOfSymbol(property).getCallSignatures();
  return signature?.getReturnType();
}

/**
 * An object that only the types know: `User & { readonly __brand: "User" }`.
 *
 * A brand without a unique symbol looks like data; what tells them apart is the name, which nobody gives to data.
 */
export function isPhantom(checker: ts.TypeChecker, type: ts.Type): boolean {
  if ((type.flags & ts.TypeFlags.Object) === 0) return false;
  const [property, another] = checker.getPropertiesOfType(type);
  return property !== undefined && another === undefined && phantomName.test(property.name);
}

const phantomName = /^_+(brand|flavou?r|nominal|opaque)_*$/i;

/** Index signatures as they are declared; the checker has those of a mapped type in an order of its own. */
export function orderedIndexes(checker: ts.TypeChecker, positions: Positions, type: ts.Type): readonly ts.IndexInfo[] {
  return checker
    .getIndexInfosOfType(type)
    .filter((index) => (index.keyType.flags & ts.TypeFlags.ESSymbol) === 0)
    .map((index) => ({ index, key: orderKey(checker, positions, index) }))
    .sort((left, right) => compareText(left.key, right.key))
    .map(({ index }) => index);
}

function orderKey(checker: ts.TypeChecker, positions: Positions, { declaration, keyType }: ts.IndexInfo): string {
  const key = checker.typeToString(keyType);
  if (declaration === undefined) return `1${key}`;
  const file = positions.fileName(declaration.getSourceFile().fileName);
  return `0${file}\n${String(declaration.pos).padStart(10, "0")}\n${key}`;
}

function isPrivate(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
}
