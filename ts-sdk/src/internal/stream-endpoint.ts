import type { AsyncContext } from "./async-context.js";
import type { BoundEndpoint, EndpointBinding, Handler } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import { apiError, codeOf } from "./errors.js";
import type { HandlerResponse } from "./handler-response.js";
import { LocalStream, type MessageChecks } from "./local-stream.js";
import { runChain } from "./middleware-chain.js";
import type { DecimalConstructor } from "./registry.js";
import { callerObject, type StreamEnd, streamObject } from "./stream-classes.js";
import type { StreamCore } from "./stream-core.js";
import type { StreamTable } from "./streams.js";

/** The handler's side of a stream. */
type HandlerEnd = StreamEnd & { open(): void };

/** Whether an endpoint is one whose handler gets a stream. */
export function isStream({ kind }: EndpointBinding): boolean {
  return kind === "streamIn" || kind === "streamOut" || kind === "streamInOut";
}

/**
 * What is different of an endpoint with a stream: it has one for as long as its handler runs. The host opens it as the handler starts, or
 * when a middleware uses it first; until then whatever refuses the call is an ordinary answer.
 */
export function streamEndpoint(
  bound: BoundEndpoint,
  streams: StreamTable,
  decimal: () => DecimalConstructor,
  context: AsyncContext,
  checks: () => MessageChecks,
): Pick<BoundEndpoint, "run" | "runThroughMiddleware" | "answer" | "open"> {
  const { kind, handshake, handler, revive, middlewares } = bound;
  const create = (call: CallContext): StreamCore =>
    streams.create(
      call.slot,
      (value) => (bound.reviveMessage === undefined ? value : bound.reviveMessage(value, decimal())),
      (value) => (bound.lowerMessage === undefined ? value : bound.lowerMessage(value)),
    );
  const read = (call: CallContext, parsed: unknown): unknown =>
    (call.request = revive === undefined ? parsed : revive(parsed, decimal()));
  const start = (end: HandlerEnd, stream: object, request: unknown): unknown => {
    end.open();
    return handshake ? (handler as (request: unknown, stream: object) => unknown)(request, stream) : handler(stream);
  };
  const through = (call: CallContext, end: HandlerEnd, request: unknown): Promise<HandlerResponse> => {
    const stream = streamObject(kind, end);
    const last: Handler = (request) => start(end, stream, request);
    return runChain(context, bound, call, last, request, { stream });
  };
  return {
    run: async (call, parsed) => {
      const core = create(call);
      try {
        return await start(core, streamObject(kind, core), read(call, parsed));
      } finally {
        core.end();
      }
    },
    runThroughMiddleware: async (call, parsed) => {
      const core = create(call);
      try {
        return await through(call, core, read(call, parsed));
      } finally {
        core.end();
      }
    },
    answer: () => {
      throw apiError("internal", `${bound.service}.${bound.endpoint} is a stream`);
    },
    open: async (call, request, asError) => {
      const local = new LocalStream(reported(checks(), asError));
      const { handlerEnd } = local;
      const leave = (): void => {
        local.disconnect();
      };
      const serve = async (): Promise<void> => {
        try {
          const answer =
            middlewares.length === 0
              ? await start(handlerEnd, streamObject(kind, handlerEnd), request)
              : (await through(call, handlerEnd, request)).payload;
          local.finish(bound.copyResponse(answer));
        } catch (error) {
          local.fail(asError(error));
        } finally {
          call.signal.removeEventListener("abort", leave);
        }
      };
      call.request = request;
      call.signal.addEventListener("abort", leave);
      void serve();
      await local.opened;
      return callerObject(kind, local.callerEnd);
    },
  };
}

/** The caller gets what is wrong with its messages as it gets all errors. */
export function reported(checks: MessageChecks, asError: (error: unknown) => unknown): MessageChecks {
  return {
    ...checks,
    incoming: (message) => {
      try {
        return checks.incoming(message);
      } catch (error) {
        throw codeOf(error) === undefined ? error : asError(error);
      }
    },
  };
}
