import type { Binder } from "./binder.js";
import type { BoundEndpoint } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import { apiError } from "./errors.js";
import type { Operation } from "./registry.js";

/**
 * Calls an endpoint that another host runs.
 * @param request checked already, and the caller's no more
 * @param asError what becomes of errors that come once the call is answered: those of a stream
 */
export type RemoteCall = (
  call: CallContext,
  endpoint: BoundEndpoint,
  request: unknown,
  asError: (error: unknown) => unknown,
) => Promise<unknown>;

/** The host's operation; `RemoteCalls` reads its payload and writes what it answers. */
const operationKind = "serviceCall";

/** What came back: a value, which is missing for undefined, or what an `APIError` is made of. */
type RemoteAnswer = { value?: unknown } | { error: RemoteError };

/** An error as another host tells it. */
export interface RemoteError {
  code: string;
  message: string;
  details?: unknown;
  /** The message of the error's cause. */
  cause?: string;
}

/**
 * Calls over the network: the host makes them, and the isolate waits.
 * @param openStream makes those of endpoints with a stream
 */
export function createRemoteCalls(
  binder: Binder,
  start: (kind: string, payload: unknown) => Operation,
  openStream: RemoteCall,
): RemoteCall {
  return async (call, endpoint, request, asError) => {
    if (endpoint.open !== undefined) return openStream(call, endpoint, request, asError);
    const operation = start(operationKind, remotePayload(binder, call, endpoint, request));
    const answer = (await settled(operation, call)) as RemoteAnswer;
    if ("error" in answer) throw remoteError(answer.error);
    const { revive } = endpoint.remote ?? {};
    return revive === undefined ? answer.value : revive(answer.value, binder.decimal);
  };
}

/** What the host needs of a call; its `RemoteCall` reads it. */
export function remotePayload(binder: Binder, call: CallContext, endpoint: BoundEndpoint, request: unknown): object {
  const { remaining } = call;
  const { lower } = endpoint.remote ?? {};
  return {
    service: endpoint.service,
    endpoint: endpoint.endpoint,
    trace: call.traceParent,
    correlation: call.description.extCorrelationId,
    milliseconds: Number.isFinite(remaining) ? Math.max(Math.floor(remaining), 1) : undefined,
    auth: binder.lowerAuthData(call.auth),
    params: lower === undefined ? request : lower(request),
  };
}

/** Waits until there is an answer, or nobody who wants it. */
export async function settled(operation: Operation, call: CallContext): Promise<unknown> {
  const { signal } = call;
  const cancel = (): void => {
    operation.cancel();
  };
  signal.addEventListener("abort", cancel);
  try {
    if (signal.aborted) operation.cancel();
    return (await operation.promise).value;
  } catch (error) {
    throw signal.aborted ? abortError(call) : error;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** The error of a call that nobody waits for any more. */
export function abortError(call: CallContext): Error {
  const isLate = (call.signal.reason as Error | undefined)?.name === "TimeoutError";
  return isLate
    ? apiError("deadline_exceeded", "the caller's time ran out")
    : apiError("canceled", "the caller has left");
}

/** The error that another host tells of, made again. */
export function remoteError({ code, message, details, cause }: RemoteError): Error {
  const error = apiError(code, message, details ?? undefined);
  if (cause !== undefined) error.cause = new Error(cause);
  return error;
}
