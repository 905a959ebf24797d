import ts from "typescript";

/** Questions to the checker that it has no single answer for. */

export const undefinedLike = ts.TypeFlags.Undefined | ts.TypeFlags.Void;

/** The members of a union, or the type alone. */
export function membersOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** The symbol that names a type: its alias's, else its own. */
export function namingSymbol(type: ts.Type): ts.Symbol | undefined {
  return type.aliasSymbol ?? type.getSymbol();
}

/** Whether two types have the same members. */
export function sameMembers(left: readonly ts.Type[], right: readonly ts.Type[]): boolean {
  return left.length === right.length && left.every((type) => right.includes(type));
}

/** Whether a member has its name from a symbol, or is private to its class: neither gets into JSON. */
export function isHiddenName(name: ts.__String): boolean {
  return /^__[@#]/.test(String(name));
}

/** A property's name as JSON has it. */
export function propertyName(symbol: ts.Symbol): string {
  return ts.unescapeLeadingUnderscores(symbol.escapedName);
}

/** The type node of a declaration. */
export function declaredTypeNode(declaration: ts.Declaration | undefined): ts.TypeNode | undefined {
  if (declaration === undefined) return undefined;
  const typed = declaration as ts.Declaration & { type?: ts.Node };
  if (typed.type !== undefined && ts.isTypeNode(typed.type)) return typed.type;
  return ts.getJSDocType(declaration);
}

/** The property that `T["name"]` is the type of; undefined where the index is anything but one name. */
export function indexedProperty(checker: ts.TypeChecker, node: ts.IndexedAccessTypeNode): ts.Symbol | undefined {
  const index = checker.getTypeFromTypeNode(node.indexType);
  if (!index.isStringLiteral()) return undefined;
  return checker.getPropertyOfType(checker.getTypeFromTypeNode(node.objectType), index.value);
}
