import type { Span } from "../isolate/protocol.ts";

/** Where in a message the builder is: for diagnostics. */
export interface MemberContext {
  /** "CreatePost.author.callback". */
  readonly member: string;
  /** The nearest place in the application's own sources. */
  readonly span: Span | null;
}

/** One level further down. */
export function memberOf(context: MemberContext, name: string, span: Span | null): MemberContext {
  const part = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  return { member: context.member + part, span: span ?? context.span };
}

/** One element of a tuple, counted from its end where the number is negative. */
export function indexOf(context: MemberContext, index: number): MemberContext {
  return { member: `${context.member}[${index}]`, span: context.span };
}

/** The elements of an array, or the values of a record. */
export function elementOf(context: MemberContext): MemberContext {
  return { member: `${context.member}[]`, span: context.span };
}
