import ts from "typescript";
import { type NodeHandle, type TypeHandle, unwrapNode, wrapNode, wrapType } from "./handles.ts";
import { membersOf, sameMembers, undefinedLike } from "./type-queries.ts";

/** A type that a handler takes or gives, and how it is written where it is. */
export interface MessageType {
  readonly type: TypeHandle;
  readonly node: NodeHandle | undefined;
  /** Where to point for findings about the type as a whole. */
  readonly place: NodeHandle;
  /** The members that a parameter without a type is taken apart into: `({ id, name }) => …` in JavaScript. */
  readonly members: readonly string[];
}

/** What a handler takes and gives; undefined stands for nothing. */
export interface HandlerSignature {
  readonly request: MessageType | undefined;
  readonly response: MessageType | undefined;
}

/**
 * Reads the handler's types off the call of the SDK's function, as the checker resolved it: explicit type arguments and
 * types inferred from the handler come out the same.
 * @param parameter which of the call's parameters the handler is
 * @returns undefined where the call doesn't resolve, which the compiler reports
 */
export function readHandlerSignature(
  checker: ts.TypeChecker,
  callHandle: NodeHandle,
  parameter: number,
): HandlerSignature | undefined {
  const call = unwrapNode(callHandle) as ts.CallExpression;
  const resolved = checker.getResolvedSignature(call);
  const symbol = resolved?.parameters[parameter];
  if (symbol === undefined) return undefined;
  const handler = checker.getTypeOfSymbolAtLocation(symbol, call);
  const signature = checker.getSignaturesOfType(handler, ts.SignatureKind.Call)[0];
  if (signature === undefined) return undefined;
  const place = call.arguments[parameter] ?? call;
  const handlerNode = declarationOf(checker, place);
  const written = writtenTypes(call, handlerNode);
  const [taken] = signature.parameters;
  const declared = taken === undefined ? undefined : checker.getTypeOfSymbolAtLocation(taken, call);
  const untyped = takesUntyped(handlerNode, declared);
  // What such a handler returns was worked out from a parameter that the checker takes for void.
  const unknown = untyped && written.response === undefined && (declared?.flags ?? 0) !== ts.TypeFlags.Any;
  const request = message(untyped ? checker.getAnyType() : declared, written.request, place);
  const returned = unknown ? checker.getAnyType() : awaited(checker, signature.getReturnType());
  // A handler that only ever throws answers nothing.
  const answer = (returned.flags & ts.TypeFlags.Never) === 0 ? returned : undefined;
  return {
    request: request === undefined || !untyped ? request : { ...request, members: destructuredMembers(handlerNode) },
    response: message(answer, written.response, place),
  };
}

/** The function that an argument is, or that it names. */
function declarationOf(checker: ts.TypeChecker, argument: ts.Node): ts.SignatureDeclaration | undefined {
  const [signature] = checker.getTypeAtLocation(argument).getCallSignatures();
  const declaration = signature?.declaration;
  return declaration === undefined || ts.isJSDocSignature(declaration) ? undefined : declaration;
}

/** Whether a handler in JavaScript has a parameter that nothing gives a type: it takes what comes. */
function takesUntyped(handler: ts.SignatureDeclaration | undefined, declared: ts.Type | undefined): boolean {
  const parameter = handler?.parameters[0];
  if (parameter === undefined || declared === undefined) return false;
  if (!/\.[cm]?jsx?$/.test(parameter.getSourceFile().fileName)) return false;
  const isOpen = (declared.flags & (undefinedLike | ts.TypeFlags.Any)) !== 0;
  return isOpen && ts.getJSDocType(parameter) === undefined;
}

function destructuredMembers(handler: ts.SignatureDeclaration | undefined): readonly string[] {
  const pattern = handler?.parameters[0]?.name;
  if (pattern === undefined || !ts.isObjectBindingPattern(pattern)) return [];
  return pattern.elements.flatMap((element) => {
    const name = element.propertyName ?? element.name;
    return element.dotDotDotToken === undefined && ts.isIdentifier(name) ? [name.text] : [];
  });
}

function message(type: ts.Type | undefined, node: ts.Node | undefined, place: ts.Node): MessageType | undefined {
  if (type === undefined || membersOf(type).every((member) => (member.flags & undefinedLike) !== 0)) return undefined;
  return {
    type: wrapType(type),
    node: node === undefined ? undefined : wrapNode(node),
    place: wrapNode(node?.getSourceFile() === place.getSourceFile() ? node : place),
    members: [],
  };
}

/** What a promise gives, by the name it was declared with: awaiting a union takes its alias away. */
function awaited(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  const result = checker.getAwaitedType(type) ?? type;
  for (const member of membersOf(type)) {
    const [promised] =
      member.getSymbol()?.name === "Promise" ? checker.getTypeArguments(member as ts.TypeReference) : [];
    if (promised !== undefined && sameMembers(membersOf(promised), membersOf(result))) return promised;
  }
  return result;
}

/** The types as the call or the handler writes them. */
function writtenTypes(
  call: ts.CallExpression,
  handler: ts.SignatureDeclaration | undefined,
): { request: ts.Node | undefined; response: ts.Node | undefined } {
  const [request, response] = call.typeArguments ?? [];
  const first = handler?.parameters[0];
  const returned = handler === undefined ? undefined : (handler.type ?? ts.getJSDocReturnType(handler));
  return {
    request: request ?? (first === undefined ? undefined : (first.type ?? ts.getJSDocType(first))),
    response: response ?? promisedNode(returned),
  };
}

function promisedNode(node: ts.Node | undefined): ts.Node | undefined {
  if (node === undefined || !ts.isTypeReferenceNode(node) || !ts.isIdentifier(node.typeName)) return node;
  return node.typeName.text === "Promise" ? node.typeArguments?.[0] : node;
}
