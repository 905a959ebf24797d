import type { HandlerResponse } from "../internal/handler-response.js";
import type { MiddlewareRequest } from "../internal/middleware-chain.js";

/** Which endpoints of its service a middleware runs around. */
export interface MiddlewareOptions {
  /** Those that have all that is stated; without it, all of them. */
  target?: {
    /** Whether clients may call them. */
    expose?: boolean;
    /** Whether they are for authenticated callers only. */
    auth?: boolean;
    /** Whether they are raw. */
    isRaw?: boolean;
    /** Whether they are streams. */
    isStream?: boolean;
    /** They have at least one of these. */
    tags?: string[];
  };
}

/** Goes on to the next middleware, and from the last one to the handler. */
export type Next = (request: MiddlewareRequest) => Promise<HandlerResponse>;

/** What a middleware does. */
export type MiddlewareFn = (request: MiddlewareRequest, next: Next) => Promise<HandlerResponse>;

/** A middleware: it runs where a `Service` lists it. */
export interface Middleware extends MiddlewareFn {
  /** What it was declared with. */
  options?: MiddlewareOptions;
}

/**
 * Declares a middleware: code that runs around the handlers of a service's endpoints, and sees request and answer. An endpoint that it isn't
 * meant for pays nothing for it.
 *
 * ```ts
 * const timing = middleware({ target: { expose: true } }, async (request, next) => {
 *   const start = performance.now();
 *   const response = await next(request);
 *   response.header.set("Server-Timing", `handler;dur=${performance.now() - start}`);
 *   return response;
 * });
 *
 * export default new Service("blog", { middlewares: [timing] });
 * ```
 */
export function middleware(handler: MiddlewareFn): Middleware;
export function middleware(options: MiddlewareOptions, handler: MiddlewareFn): Middleware;
export function middleware(first: MiddlewareFn | MiddlewareOptions, second?: MiddlewareFn): Middleware {
  const [options, handler] = typeof first === "function" ? [undefined, first] : [first, second];
  if (handler === undefined) throw new TypeError("middleware(options, handler) needs a handler");
  // A function of its own, since the options are its property and the handler may be used for several.
  const declared: Middleware = (request, next) => handler(request, next);
  if (options !== undefined) declared.options = options;
  return declared;
}
