/**
 * Endpoints: how they are declared, what they can throw, and where the fields of their messages travel.
 *
 * @module
 */
export { api, type APIOptions, type Endpoint, type Method } from "./endpoint.js";
export { APIError, type ErrDetails } from "./error.js";
export { ErrCode } from "./error-code.js";
export { type CallOpts, Gateway, type GatewayConfig } from "./gateway.js";
export { HttpStatus } from "./http-status.js";
export type { RawHandler, RawRequest, RawResponse } from "./raw.js";
export { middleware, type Middleware, type MiddlewareFn, type MiddlewareOptions, type Next } from "./middleware.js";
export { StaticAssets, type StaticOptions } from "./static.js";
export type {
  StreamIn,
  StreamInHandlerFn,
  StreamInOut,
  StreamInOutHandlerFn,
  StreamOptions,
  StreamOut,
  StreamOutHandlerFn,
  StreamOutWithResponse,
} from "./stream.js";
export { HandlerResponse, ResponseHeader } from "../internal/handler-response.js";
export type { MiddlewareRequest } from "../internal/middleware-chain.js";
export type { Cookie, CookieWithOptions, Header, Query, WireScalar, WireValue } from "./wire.js";
