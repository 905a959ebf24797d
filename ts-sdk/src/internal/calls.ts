import { APIError } from "../api/error.js";
import { ErrCode } from "../api/error-code.js";
import type { AuthResult } from "./call-context.js";
import { codeOf } from "./errors.js";
import { isolateRuntime } from "./registry.js";
import type { ServiceCallOptions } from "./service-calls.js";

export { unitClient } from "./unit-calls.js";

type ClientFunction = (first?: unknown, second?: ServiceCallOptions) => Promise<unknown>;

/** What is known of a service: its endpoints, and `ref` for all of them as one value. */
type Client = Record<string, ClientFunction | (() => unknown)>;

/**
 * What `~encore/clients` holds of a service: a member for each of its endpoints, which calls it as another service would.
 *
 * @param service the service's name, as clients write it
 */
export function serviceClient(service: string): Client {
  const known = clients.get(service);
  if (known !== undefined) return known;
  const functions = new Map<string, ClientFunction>();
  const client: Client = new Proxy<Client>(
    {},
    {
      get(_, endpoint) {
        if (typeof endpoint !== "string") return undefined;
        if (endpoint === "ref") return () => client;
        const made = functions.get(endpoint) ?? clientFunction(service, endpoint);
        functions.set(endpoint, made);
        return made;
      },
    },
  );
  clients.set(service, client);
  return client;
}

const clients = new Map<string, Client>();

function clientFunction(service: string, endpoint: string): ClientFunction {
  return async (first, second) => {
    const runtime = isolateRuntime();
    if (runtime === undefined) {
      throw new Error(
        `${service}.${endpoint} can't be called outside encore-host: call the endpoint's function instead`,
      );
    }
    return runtime.callService(service, endpoint, first, second, asApiError);
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
  const { message, details, cause } = error as Error & { details?: Record<string, unknown> };
  return new APIError(code, message, cause instanceof Error ? cause : undefined, details);
}
