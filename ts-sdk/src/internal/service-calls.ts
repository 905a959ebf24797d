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
 * @param convert what becomes of errors on their way to the caller
 * @returns the answer; of a stream, the caller's side of it
 */
export type ServiceCall = (
  service: string,
  endpoint: string,
  first: unknown,
  second?: ServiceCallOptions,
  convert?: (error: unknown) => unknown,
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
  const run = async (call: CallContext, request: unknown, asError: (error: unknown) => unknown): Promise<unknown> => {
    const { endpoint } = call;
    if (endpoint.remote !== undefined) return remote(call, endpoint, request, asError);
    if (endpoint.open !== undefined) return endpoint.open(call, request, asError);
    return endpoint.copyResponse(await endpoint.answer(call, request));
  };
  return async (service, name, first, second, convert = (error) => error) => {
    const asError = (error: unknown): unknown => {
      if (codeOf(error) !== undefined) return convert(error);
      failed(error);
      return convert(apiError("internal", "an internal error occurred"));
    };
    const endpoint = binder.find(service, name);
    if (endpoint === undefined) throw convert(apiError("not_found", `endpoint not found: ${service}.${name}`));
    const [params, options] = endpoint.takesParams
      ? [first, second]
      : [undefined, first as ServiceCallOptions | undefined];
    const caller = context.get() as CallContext | undefined;
    const call = new CallContext(services, noSlot, endpoint, spanWithin(caller?.trace), caller);
    call.auth = options?.authData ?? caller?.auth ?? null;
    if (endpoint.auth && call.auth === null) throw convert(noCredentials());
    // What code of the values themselves throws is the caller's, as it is.
    const request = checked(endpoint, params, convert);
    try {
      return await runWith(context, call, () => run(call, request, asError));
    } catch (error) {
      throw asError(error);
    }
  };
}

function checked(endpoint: BoundEndpoint, params: unknown, convert: (error: unknown) => unknown): unknown {
  try {
    return endpoint.checkRequest(params);
  } catch (error) {
    throw codeOf(error) === undefined ? error : convert(error);
  }
}

function noCredentials(): Error {
  return apiError("unauthenticated", "the request does not have valid authentication credentials for the operation");
}

function spanWithin(trace: TraceParts | undefined): TraceParts {
  const [a, b, c, d] = trace ?? [random(), random(), random(), random()];
  return [a, b, c, d, random(), random()];
}

function random(): number {
  return (Math.random() * 2 ** 32) | 0;
}
