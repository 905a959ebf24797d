import ts from "typescript";
import { type NodeHandle, unwrapNode, wrapNode, wrapType } from "./handles.ts";
import type { MessageType } from "./handler-signature.ts";
import { membersOf, undefinedLike } from "./type-queries.ts";

/** What a stream's handler takes and gives; undefined stands for nothing. */
export interface StreamSignature {
  readonly handshake: MessageType | undefined;
  readonly incoming: MessageType | undefined;
  readonly outgoing: MessageType | undefined;
  readonly response: MessageType | undefined;
}

/**
 * Reads the types of a stream off its declaration's call, as the checker resolved it. The stream is the handler's last parameter: what its
 * `recv` promises comes in, what its `send` takes goes out.
 */
export function readStreamSignature(checker: ts.TypeChecker, callHandle: NodeHandle): StreamSignature | undefined {
  const call = unwrapNode(callHandle) as ts.CallExpression;
  const parameter = checker.getResolvedSignature(call)?.parameters[1];
  if (parameter === undefined) return undefined;
  const handler = checker.getTypeOfSymbolAtLocation(parameter, call);
  const signature = checker.getSignaturesOfType(handler, ts.SignatureKind.Call)[0];
  const place = call.arguments[1] ?? call;
  const reader = new StreamReader(checker, call, place);
  const taken = reader.streamAlone() ?? signature?.parameters ?? [];
  const stream = taken.at(-1);
  if (signature === undefined || stream === undefined) return undefined;
  const streamType = checker.getTypeOfSymbolAtLocation(stream, call);
  const handshake = taken.length > 1 ? taken[0] : undefined;
  return {
    handshake:
      handshake === undefined
        ? undefined
        : reader.message(checker.getTypeOfSymbolAtLocation(handshake, call), reader.handshakeNode()),
    incoming: reader.message(reader.promisedBy(reader.returnOf(streamType, "recv"))),
    outgoing: reader.message(reader.firstParameterOf(streamType, "send")),
    response: reader.message(reader.promisedBy(signature.getReturnType())),
  };
}

class StreamReader {
  readonly #checker: ts.TypeChecker;
  readonly #call: ts.CallExpression;
  readonly #place: ts.Node;

  constructor(checker: ts.TypeChecker, call: ts.CallExpression, place: ts.Node) {
    this.#checker = checker;
    this.#call = call;
    this.#place = place;
  }

  /**
   * The parameters of a handler that takes nothing but the stream. Such a function also fits where a handshake comes first, and the compiler
   * may have taken it for that.
   */
  streamAlone(): readonly ts.Symbol[] | undefined {
    const parameters = this.#checker.getTypeAtLocation(this.#place).getCallSignatures()[0]?.parameters ?? [];
    const [only, ...others] = parameters;
    if (only === undefined || others.length > 0) return undefined;
    const type = this.#checker.getTypeOfSymbolAtLocation(only, this.#call);
    const isStream = ["recv", "send"].some((method) => this.#signatureOf(type, method) !== undefined);
    return isStream ? parameters : undefined;
  }

  message(type: ts.Type | undefined, node?: ts.Node): MessageType | undefined {
    if (type === undefined || (type.flags & ts.TypeFlags.Never) !== 0) return undefined;
    if (membersOf(type).every((member) => (member.flags & undefinedLike) !== 0)) return undefined;
    return {
      type: wrapType(type),
      node: node === undefined ? undefined : wrapNode(node),
      place: wrapNode(node?.getSourceFile() === this.#place.getSourceFile() ? node : this.#place),
      members: [],
    };
  }

  /** Where the handshake's type is written: as the first of three type arguments, or two of a stream out, or with the parameter. */
  handshakeNode(): ts.Node | undefined {
    const [first] = this.#call.typeArguments ?? [];
    if (first !== undefined) return first;
    const handler = this.#checker.getTypeAtLocation(this.#place).getCallSignatures()[0]?.declaration;
    const parameter = handler === undefined || ts.isJSDocSignature(handler) ? undefined : handler.parameters[0];
    return parameter === undefined ? undefined : (parameter.type ?? ts.getJSDocType(parameter));
  }

  promisedBy(type: ts.Type | undefined): ts.Type | undefined {
    return type === undefined ? undefined : (this.#checker.getAwaitedType(type) ?? type);
  }

  returnOf(owner: ts.Type, method: string): ts.Type | undefined {
    return this.#signatureOf(owner, method)?.getReturnType();
  }

  firstParameterOf(owner: ts.Type, method: string): ts.Type | undefined {
    const parameter = this.#signatureOf(owner, method)?.parameters[0];
    return parameter === undefined ? undefined : this.#checker.getTypeOfSymbolAtLocation(parameter, this.#call);
  }

  #signatureOf(owner: ts.Type, method: string): ts.Signature | undefined {
    const symbol = owner.getProperty(method);
    if (symbol === undefined) return undefined;
    return this.#checker.getTypeOfSymbolAtLocation(symbol, this.#call).getCallSignatures()[0];
  }
}
