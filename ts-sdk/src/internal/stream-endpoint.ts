import { type AsyncContext, runWith } from "./async-context.js";
import type { BoundEndpoint, EndpointBinding, Handler } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import { apiError } from "./errors.js";
import type { HandlerResponse } from "./handler-response.js";
import { runChain } from "./middleware-chain.js";
import type { DecimalConstructor } from "./registry.js";
import { streamObject } from "./stream-classes.js";
import type { StreamCore } from "./stream-core.js";
import type { StreamTable } from "./streams.js";

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
): Pick<BoundEndpoint, "run" | "runThroughMiddleware" | "answer"> {
  const { kind, handshake, handler, revive, lower } = bound;
  const create = (call: CallContext): StreamCore =>
    streams.create(
      call.slot,
      (value) => (bound.reviveMessage === undefined ? value : bound.reviveMessage(value, decimal())),
      (value) => (bound.lowerMessage === undefined ? value : bound.lowerMessage(value)),
    );
  const read = (call: CallContext, parsed: unknown): unknown =>
    (call.request = revive === undefined ? parsed : revive(parsed, decimal()));
  const start = (core: StreamCore, stream: object, request: unknown): unknown => {
    core.open();
    return handshake ? (handler as (request: unknown, stream: object) => unknown)(request, stream) : handler(stream);
  };
  const answerOf = (value: unknown): unknown => (lower === undefined ? value : lower(value));
  return {
    run: async (call, parsed) => {
      const core = create(call);
      try {
        return answerOf(await start(core, streamObject(kind, core), read(call, parsed)));
      } finally {
        core.end();
      }
    },
    runThroughMiddleware: async (call, parsed) => {
      const core = create(call);
      const stream = streamObject(kind, core);
      const within: Handler = (request) => runWith(context, call, () => start(core, stream, request));
      try {
        const response = await runChain(bound, call, within, read(call, parsed), { stream });
        return Object.defineProperty<HandlerResponse>(response, "payload", { value: answerOf(response.payload) });
      } finally {
        core.end();
      }
    },
    answer: () => {
      throw apiError("unimplemented", `${bound.service}.${bound.endpoint} is a stream, which services can't call`);
    },
  };
}
