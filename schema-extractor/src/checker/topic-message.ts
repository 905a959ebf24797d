import ts from "typescript";
import type { MessageType } from "./handler-signature.ts";
import { type NodeHandle, unwrapNode, wrapNode, wrapType } from "./handles.ts";

/**
 * Reads the type of a topic's messages off its declaration: `new Topic<Message>(…)`, or what the checker found where it isn't written there.
 * @returns undefined where the declaration doesn't resolve, which the compiler reports
 */
export function readTopicMessage(checker: ts.TypeChecker, declaration: NodeHandle): MessageType | undefined {
  const made = unwrapNode(declaration);
  if (!ts.isNewExpression(made)) return undefined;
  const [written] = made.typeArguments ?? [];
  const type = written === undefined ? inferred(checker, made) : checker.getTypeFromTypeNode(written);
  if (type === undefined) return undefined;
  return {
    type: wrapType(type),
    node: written === undefined ? undefined : wrapNode(written),
    place: wrapNode(written ?? made),
    members: [],
  };
}

function inferred(checker: ts.TypeChecker, made: ts.NewExpression): ts.Type | undefined {
  const type = checker.getTypeAtLocation(made);
  const isReference = (type.flags & ts.TypeFlags.Object) !== 0 && "target" in type;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
}
