import type { AsyncContext } from "./async-context.js";
import { runWith } from "./async-context.js";
import type { Binder } from "./binder.js";
import type { BoundEndpoint } from "./bound-endpoint.js";
import { type AuthResult, CallContext, type CallServices, type TraceParts } from "./call-context.js";
import { apiError, codeOf } from "./errors.js";
import type { RemoteCall } from "./remote-calls.js";

/** What a caller may say besides the parameters. */
export interface ServiceCallOptions {
  /** Who makes the call, in place of whoever made the one that this is part of. */
  authData?: AuthResult;
}

/**
 * Calls an endpoint of any service of the application.
 * @param service its name, or what clients call it
 * @param first the parameters; of an endpoint that takes none, the options
 * @param second the options, after parameters
 */
export type ServiceCall = (
  service: string,
  endpoint: string,
  first: unknown,
  second?: ServiceCallOptions,
) => Promise<unknown>;

const noSlot = -1;

/**
 * Calls between services. Those that share the isolate need no HTTP and no JSON: parameters and answers are checked and copied, so that
 * neither side sees the other's objects; the call has a context of its own, within its caller's trace and with its caller's user.
 *
 * @param remote makes the calls of endpoints that other hosts run
 * @param failed is told of errors that the caller learns nothing of but that they happened
 */
export function createServiceCalls(
  binder: Binder,
  context: AsyncContext,
  services: CallServices,
  remote: RemoteCall,
  failed: (error: unknown) => void,
): ServiceCall {
  return async (service, name, first, second) => {
    const endpoint = binder.find(service, name);
    if (endpoint === undefined) throw apiError("not_found", `endpoint not found: ${service}.${name}`);
    const [params, options] = endpoint.takesParams
      ? [first, second]
      : [undefined, first as ServiceCallOptions | undefined];
    const caller = context.get() as CallContext | undefined;
    const call = new CallContext(services, noSlot, endpoint, spanWithin(caller?.trace), caller);
    call.auth = options?.authData ?? caller?.auth ?? null;
    if (endpoint.auth && call.auth === null) {
      throw apiError("unauthenticated", "the request does not have valid authentication credentials for the operation");
    }
    return runWith(context, call, () => run(call, endpoint, params, remote, failed));
  };
}

async function run(
  call: CallContext,
  endpoint: BoundEndpoint,
  params: unknown,
  remote: RemoteCall,
  failed: (error: unknown) => void,
): Promise<unknown> {
  const request = endpoint.checkRequest(params);
  try {
    if (endpoint.remote !== undefined) return await remote(call, endpoint, request);
    return endpoint.copyResponse(await endpoint.answer(call, request));
  } catch (error) {
    if (codeOf(error) !== undefined) throw error;
    failed(error);
    throw apiError("internal", "an internal error occurred");
  }
}

function spanWithin(trace: TraceParts | undefined): TraceParts {
  const [a, b, c, d] = trace ?? [random(), random(), random(), random()];
  return [a, b, c, d, random(), random()];
}

function random(): number {
  return (Math.random() * 2 ** 32) | 0;
}
