import type { AuthResult, CallContext } from "./call-context.js";
import { apiError, codeOf } from "./errors.js";

/** Asks the application's auth handler. */
export type Authenticate = (params: unknown) => Promise<AuthResult | null>;

/** The function of an auth handler. */
export type AuthFunction = (params: unknown) => unknown;

const maxCached = 10_000;
// Credentials are short. A caller who is let in can't fill the memory with long ones that differ in what nobody reads.
const longestKey = 4_096;

/** What the auth handler says of a caller, kept for a while where the application wants that. Only who was let in is kept. */
export function authentication(handler: AuthFunction, cacheSeconds: number, now: () => number): Authenticate {
  const ask: Authenticate = async (params) => {
    const data = (await handler(params)) as AuthResult | null | undefined;
    return typeof data?.userID === "string" && data.userID !== "" ? data : null;
  };
  if (cacheSeconds <= 0) return ask;
  const known = new Map<string, { until: number; data: AuthResult }>();
  return async (params) => {
    const key = JSON.stringify(params);
    if (key.length > longestKey) return ask(params);
    const entry = known.get(key);
    if (entry !== undefined && entry.until > now()) return entry.data;
    known.delete(key);
    const data = await ask(params);
    if (data !== null) {
      // The oldest goes: a Map keeps the order in which keys were added.
      if (known.size >= maxCached) known.delete(known.keys().next().value!);
      known.set(key, { until: now() + cacheSeconds * 1000, data });
    }
    return data;
  };
}

/**
 * Finds out who makes a call. An auth handler that knows nobody refuses every request that brought credentials; one that throws
 * `unauthenticated` lets it pass without a user where the endpoint needs none.
 */
export async function authenticateCall(call: CallContext, authenticate: Authenticate, params: unknown): Promise<void> {
  let data: AuthResult | null;
  try {
    data = await authenticate(params);
  } catch (error) {
    if (codeOf(error) === "unauthenticated" && !call.endpoint.auth) return;
    throw error;
  }
  if (data === null) throw apiError("unauthenticated", "unauthenticated");
  call.auth = data;
}
