import { APIError } from "../api/error.js";
import { ErrCode } from "../api/error-code.js";
import type { AuthResult } from "./call-context.js";
import { codeOf } from "./errors.js";
import { isolateRuntime } from "./registry.js";
import type { ServiceCallOptions } from "./service-calls.js";

/**
 * What `~encore/clients` holds of an endpoint: a function that calls it as another service would.
 *
 * @param service the service's name
 * @param endpoint the endpoint's
 * @param takesParams whether the first argument is the parameters; else it is the options
 */
export function clientFunction(
  service: string,
  endpoint: string,
  takesParams = true,
): (first?: unknown, second?: ServiceCallOptions) => Promise<unknown> {
  return async (first, second) => {
    const runtime = isolateRuntime();
    if (runtime === undefined) {
      throw new Error(
        `${service}.${endpoint} can't be called outside encore-host: call the endpoint's function instead`,
      );
    }
    const [params, options] = takesParams ? [first, second] : [undefined, first as ServiceCallOptions | undefined];
    try {
      return await runtime.callService(service, endpoint, params, options);
    } catch (error) {
      throw asApiError(error);
    }
  };
}

/** Who made the request that the running code belongs to, as the auth handler said; null for nobody. */
export function getAuthData(): AuthResult | null {
  return isolateRuntime()?.authData() ?? null;
}

/** Errors of the isolate itself have no class; callers look for one. */
function asApiError(error: unknown): unknown {
  const code = Object.values(ErrCode).find((known) => known === codeOf(error));
  if (code === undefined || error instanceof APIError) return error;
  const { message, details } = error as Error & { details?: Record<string, unknown> };
  return new APIError(code, message, undefined, details);
}
