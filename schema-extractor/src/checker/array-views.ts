import ts from "typescript";
import { type NodeHandle, unwrapNode, wrapNode, wrapType } from "./handles.ts";
import type { TupleElementView, TypeView } from "./type-view.ts";

/** Arrays and tuples, by what they hold. */

/** A type of arrays: `T[]`, and interfaces and classes that extend it; undefined for any other. */
export function arrayView(checker: ts.TypeChecker, type: ts.Type, node: NodeHandle | undefined): TypeView | undefined {
  const written = node === undefined ? undefined : elementNode(unwrapNode(node));
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    return element === undefined ? { kind: "unresolved" } : elements(element, written);
  }
  return listView(checker, type);
}

/**
 * What is an array to JSON.stringify without being called one: an instance of a subclass, or an array with some of its
 * methods mapped away.
 */
export function listView(checker: ts.TypeChecker, type: ts.Type): TypeView | undefined {
  const length = checker.getPropertyOfType(type, "length");
  if (length === undefined || !hasMethods(checker, type, arrayMethods)) return undefined;
  const size = checker.getTypeOfSymbol(length);
  const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (!size.isNumberLiteral() || size.value > largestTuple) {
    return element === undefined ? undefined : elements(element, undefined);
  }
  const all: TupleElementView[] = [];
  for (let index = 0; index < size.value; index++) {
    const own = checker.getPropertyOfType(type, String(index));
    const each = own === undefined ? element : checker.getTypeOfSymbol(own);
    if (each === undefined) return undefined;
    all.push({ type: wrapType(each), optional: false, label: "", node: undefined });
  }
  return { kind: "tuple", elements: all, rest: undefined, trailing: [] };
}

/** Whether a type has methods of these names. */
export function hasMethods(checker: ts.TypeChecker, type: ts.Type, names: readonly string[]): boolean {
  return names.every((name) => {
    const property = checker.getPropertyOfType(type, name);
    return property !== undefined && checker.getTypeOfSymbol(property).getCallSignatures().length > 0;
  });
}

const arrayMethods = ["concat", "map", "slice"];

/** Beyond it, a list of a fixed length is a list of any. */
const largestTuple = 1_000;

/** A tuple by its elements; one with a stretch that waits for a type parameter is unresolved. */
export function tupleView(
  checker: ts.TypeChecker,
  type: ts.TupleTypeReference,
  node: NodeHandle | undefined,
): TypeView {
  const { elementFlags, labeledElementDeclarations } = type.target;
  const written = node === undefined ? undefined : tupleNode(unwrapNode(node));
  const types = checker.getTypeArguments(type);
  const all = elementFlags.map((flags, index): TupleElementView & { readonly flags: ts.ElementFlags } => {
    const element = types[index] ?? checker.getAnyType();
    const own = written?.elements.length === elementFlags.length ? written.elements[index] : undefined;
    return {
      flags,
      type: wrapType(element),
      optional: (flags & ts.ElementFlags.Optional) !== 0,
      label: labelOf(labeledElementDeclarations?.[index]),
      node: own === undefined ? undefined : wrapNode(innerNode(own)),
    };
  });
  if (all.some(({ flags }) => (flags & ts.ElementFlags.Variadic) !== 0)) return { kind: "unresolved" };
  const rest = all.findIndex(({ flags }) => (flags & ts.ElementFlags.Rest) !== 0);
  if (rest < 0) return { kind: "tuple", elements: all, rest: undefined, trailing: [] };
  return { kind: "tuple", elements: all.slice(0, rest), rest: all[rest], trailing: all.slice(rest + 1) };
}

function elements(element: ts.Type, written: ts.TypeNode | undefined): TypeView {
  const elementNode = written === undefined ? undefined : wrapNode(written);
  return { kind: "array", element: wrapType(element), elementNode };
}

function labelOf(declaration: ts.NamedTupleMember | ts.ParameterDeclaration | undefined): string {
  return declaration !== undefined && ts.isIdentifier(declaration.name) ? declaration.name.text : "";
}

/** The tuple that a type node writes down. */
function tupleNode(node: ts.Node): ts.TupleTypeNode | undefined {
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return tupleNode(node.type);
  return ts.isTupleTypeNode(node) ? node : undefined;
}

/** The type of an element, without its label and what says that it may be missing. */
function innerNode(node: ts.TypeNode): ts.TypeNode {
  if (ts.isNamedTupleMember(node) || ts.isOptionalTypeNode(node)) return innerNode(node.type);
  if (ts.isRestTypeNode(node)) return elementNode(node.type) ?? node.type;
  return node;
}

function elementNode(node: ts.Node): ts.TypeNode | undefined {
  if (ts.isParenthesizedTypeNode(node)) return elementNode(node.type);
  if (ts.isTypeOperatorNode(node)) return elementNode(node.type);
  if (ts.isArrayTypeNode(node)) return node.elementType;
  if (ts.isTypeReferenceNode(node) && /^(Readonly)?Array$/.test(node.typeName.getText()))
    return node.typeArguments?.[0];
  return undefined;
}

/** The arguments that a type node writes down for a generic type of a name. */
export function argumentNodes(node: ts.Node, name: string): readonly ts.TypeNode[] {
  if (ts.isParenthesizedTypeNode(node)) return argumentNodes(node.type, name);
  const isReference = ts.isTypeReferenceNode(node) && node.typeName.getText() === name;
  return isReference ? (node.typeArguments ?? []) : [];
}
