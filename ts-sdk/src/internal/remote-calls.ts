import type { Binder } from "./binder.js";
import type { BoundEndpoint } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import { apiError } from "./errors.js";
import type { Operation } from "./registry.js";
import { isStream } from "./stream-endpoint.js";

/** Calls an endpoint that another host runs. @param request checked already, and the caller's no more */
export type RemoteCall = (call: CallContext, endpoint: BoundEndpoint, request: unknown) => Promise<unknown>;

/** The host's operation; `RemoteCallOperation` reads its payload and writes what it answers. */
const operationKind = "serviceCall";

/** What came back: a value, which is missing for undefined, or what an `APIError` is made of. */
type RemoteAnswer = { value?: unknown } | { error: RemoteError };

interface RemoteError {
  code: string;
  message: string;
  details?: unknown;
  /** The message of the error's cause. */
  cause?: string;
}

/** Calls over the network: the host makes them, and the isolate waits. */
export function createRemoteCalls(binder: Binder, start: (kind: string, payload: unknown) => Operation): RemoteCall {
  return async (call, endpoint, request) => {
    const { lower, revive } = endpoint.remote ?? {};
    if (isStream(endpoint)) {
      const name = `${endpoint.service}.${endpoint.endpoint}`;
      throw apiError("unimplemented", `${name} is a stream that another host serves, and those can't be called`);
    }
    const { remaining } = call;
    const operation = start(operationKind, {
      service: endpoint.service,
      endpoint: endpoint.endpoint,
      trace: call.traceParent,
      correlation: call.description.extCorrelationId,
      milliseconds: Number.isFinite(remaining) ? Math.max(Math.floor(remaining), 1) : undefined,
      auth: binder.lowerAuthData(call.auth),
      params: lower === undefined ? request : lower(request),
    });
    const answer = await settled(operation, call);
    if ("error" in answer) throw remoteError(answer.error);
    return revive === undefined ? answer.value : revive(answer.value, binder.decimal);
  };
}

/** Waits until there is an answer, or nobody who wants it. */
async function settled(operation: Operation, { signal }: CallContext): Promise<RemoteAnswer> {
  const cancel = (): void => {
    operation.cancel();
  };
  signal.addEventListener("abort", cancel);
  try {
    if (signal.aborted) operation.cancel();
    const { value } = await operation.promise;
    return value as RemoteAnswer;
  } catch (error) {
    if (!signal.aborted) throw error;
    const isLate = (signal.reason as Error | undefined)?.name === "TimeoutError";
    throw isLate
      ? apiError("deadline_exceeded", "the caller's time ran out")
      : apiError("canceled", "the caller has left");
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function remoteError({ code, message, details, cause }: RemoteError): Error {
  const error = apiError(code, message, details ?? undefined);
  if (cause !== undefined) error.cause = new Error(cause);
  return error;
}
