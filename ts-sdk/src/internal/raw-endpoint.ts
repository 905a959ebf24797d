import type { AsyncContext } from "./async-context.js";
import type { BoundEndpoint, Handler } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import { apiError } from "./errors.js";
import { runChain } from "./middleware-chain.js";

/** One request, and what is answered to it, as the runtime makes them. */
export interface RawExchange {
  readonly request: unknown;
  readonly response: { readonly headersSent: boolean; destroy(error?: Error): unknown };
  /** The response is sent, or given up. */
  readonly done: Promise<void>;
}

/** Makes the objects that a raw endpoint's handler gets. */
export type OpenExchange = (call: CallContext) => RawExchange;

type RawHandler = (request: unknown, response: unknown) => unknown;

/**
 * What is different of a raw endpoint: its handler gets Node's request and response, and the call ends when the response is sent. An error
 * before anything was sent is answered as for every endpoint; after that, the connection ends.
 */
export function rawEndpoint(
  bound: BoundEndpoint,
  context: AsyncContext,
  open: OpenExchange,
): Pick<BoundEndpoint, "run" | "runThroughMiddleware" | "answer"> {
  const handler = bound.handler as RawHandler;
  return {
    run: async (call) => {
      await serve(open(call), (request, response) => handler(request, response));
    },
    runThroughMiddleware: async (call) => {
      let result: unknown;
      await serve(open(call), async (request, response) => {
        const last: Handler = () => handler(request, response);
        result = await runChain(context, bound, call, last, undefined, { rawRequest: request, rawResponse: response });
      });
      // What middleware says of the head came too late for a response that the handler has sent itself.
      return result;
    },
    answer: () => {
      throw apiError(
        "unimplemented",
        `${bound.service}.${bound.endpoint} is a raw endpoint, which services can't call`,
      );
    },
  };
}

async function serve(
  { request, response, done }: RawExchange,
  run: (request: unknown, response: unknown) => unknown,
): Promise<void> {
  try {
    await run(request, response);
  } catch (error) {
    if (response.headersSent) response.destroy(error as Error);
    throw error;
  }
  await done;
}
