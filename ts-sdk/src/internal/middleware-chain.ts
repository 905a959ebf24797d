import { type AsyncContext, runWith } from "./async-context.js";
import type { BoundEndpoint, EndpointBinding, Handler } from "./bound-endpoint.js";
import type { CallContext } from "./call-context.js";
import { HandlerResponse, headOf } from "./handler-response.js";
import type { RequestMeta } from "../request-meta.js";
import { requestMeta } from "./request-meta.js";

/** The endpoints that a middleware runs around: those that have all that is stated. */
export interface MiddlewareTarget {
  expose?: boolean;
  auth?: boolean;
  isRaw?: boolean;
  isStream?: boolean;
  /** Any of them. */
  tags?: readonly string[];
}

/** A middleware as `middleware(…)` makes it. */
export interface Middleware {
  (request: MiddlewareRequest, next: (request: MiddlewareRequest) => Promise<HandlerResponse>): unknown;
  options?: { target?: MiddlewareTarget };
}

/** Whether a middleware runs around an endpoint. Asked once, when the application is loaded. */
export function applies(middleware: Middleware, endpoint: EndpointBinding): boolean {
  const target = middleware.options?.target;
  if (target === undefined) return true;
  const isStream = endpoint.kind.startsWith("stream");
  return (
    (target.expose === undefined || target.expose === endpoint.expose) &&
    (target.auth === undefined || target.auth === endpoint.auth) &&
    (target.isRaw === undefined || target.isRaw === (endpoint.kind === "raw")) &&
    (target.isStream === undefined || target.isStream === isStream) &&
    (target.tags === undefined || target.tags.length === 0 || target.tags.some((tag) => endpoint.tags.includes(tag)))
  );
}

/** What a handler gets besides parameters, or in their place. */
export interface HandlerObjects {
  stream?: unknown;
  rawRequest?: unknown;
  rawResponse?: unknown;
}

const noObjects: HandlerObjects = {};

/** What a middleware gets. */
export class MiddlewareRequest {
  readonly #call: CallContext;
  /** The stream of a streaming endpoint. */
  readonly stream: unknown;
  /** The request of a raw endpoint. */
  readonly rawRequest: unknown;
  /** The response of a raw endpoint. */
  readonly rawResponse: unknown;

  constructor(call: CallContext, { stream, rawRequest, rawResponse }: HandlerObjects) {
    this.#call = call;
    this.stream = stream;
    this.rawRequest = rawRequest;
    this.rawResponse = rawResponse;
  }

  /** What is known of the request; the same as `currentRequest()`. */
  get requestMeta(): RequestMeta | undefined {
    return requestMeta(this.#call);
  }

  /** For middleware to leave things for each other and for the handler, which finds them as `currentRequest().middlewareData`. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whoever put it there knows what it is
  get data(): Record<string, any> {
    return (this.#call.data ??= {});
  }
}

/**
 * Runs a handler with everything that runs around it. Each step sees its own call in the context, whoever calls `next`: what comes before may
 * have awaited, which the context doesn't follow on every engine, or go on from another call's code, as what gathers requests does.
 * @returns what the outermost middleware gave, or a promise of it: {@link responseOf} says whether it is a response
 */
export function startChain(
  context: AsyncContext,
  { middlewares }: BoundEndpoint,
  call: CallContext,
  handler: Handler,
  request: unknown,
  objects: HandlerObjects = noObjects,
): unknown {
  const run = async (): Promise<HandlerResponse> =>
    new HandlerResponse(await runWith(context, call, () => handler(request)));
  const nextOf = (index: number): ((request: MiddlewareRequest) => Promise<HandlerResponse>) => {
    const middleware = middlewares[index];
    if (middleware === undefined) return run;
    return (request) => runWith(context, call, () => around(middleware, request, nextOf(index + 1)));
  };
  // Without an async function of its own: what a promise costs, an endpoint with one middleware would notice.
  return middlewares[0]!(new MiddlewareRequest(call, objects), nextOf(1));
}

/** {@link startChain}, and its response. */
export async function runChain(...chain: Parameters<typeof startChain>): Promise<HandlerResponse> {
  return responseOf(await startChain(...chain));
}

/** What a middleware gave. @throws TypeError where it is no response */
export function responseOf(value: unknown): HandlerResponse {
  if (headOf(value) !== undefined) return value as HandlerResponse;
  throw new TypeError("a middleware returned no HandlerResponse: return what next() gave, or a new HandlerResponse");
}

async function around(
  middleware: Middleware,
  request: MiddlewareRequest,
  next: (request: MiddlewareRequest) => Promise<HandlerResponse>,
): Promise<HandlerResponse> {
  return responseOf(await middleware(request, next));
}
