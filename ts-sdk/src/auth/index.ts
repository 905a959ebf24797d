/**
 * Authentication: who makes a request.
 *
 * @module
 */
import { endpointSymbol } from "../internal/registry.js";
import type { DurationString } from "../types/index.js";

/** An auth handler; a `Gateway` names the one that counts. */
export type AuthHandler<Params extends object, AuthData extends { userID: string }> = ((
  params: Params,
) => Promise<AuthData | null>) &
  AuthHandlerBrand;

/** Tells auth handlers from other functions. */
export interface AuthHandlerBrand {
  readonly __authHandlerBrand: unique symbol;
}

/** How an auth handler is asked. */
export interface AuthHandlerOptions {
  /**
   * How long what it said of a caller holds for further requests with the same credentials, without asking again. Only callers that it let in
   * are remembered. Default: it is asked every time.
   */
  cacheFor?: DurationString;
}

/**
 * Declares the function that finds out who makes a request, from header, query and cookie fields. It is asked whenever a request brings one
 * of them. It returns what endpoints get by `getAuthData()`, or null for credentials that aren't valid.
 *
 * ```ts
 * export const auth = authHandler(async ({ authorization }: { authorization: Header }): Promise<{ userID: string } | null> => {
 *   const user = await userOf(authorization);
 *   return user === undefined ? null : { userID: user.id };
 * });
 *
 * export const gateway = new Gateway({ authHandler: auth });
 * ```
 */
export function authHandler<Params extends object, AuthData extends { userID: string }>(
  handler: (params: Params) => Promise<AuthData | null>,
  options: AuthHandlerOptions = {},
): AuthHandler<Params, AuthData> {
  const call = async (params: Params): Promise<AuthData | null> => handler(params);
  Object.defineProperty(call, endpointSymbol, { value: { options, handler, kind: "auth" } });
  return call as AuthHandler<Params, AuthData>;
}
