/**
 * Endpoints: how they are declared, what they can throw, and where the fields of their messages travel.
 *
 * @module
 */
export { api, type APIOptions, type Endpoint, type Method } from "./endpoint.js";
export { APIError, type ErrDetails } from "./error.js";
export { ErrCode } from "./error-code.js";
export { HttpStatus } from "./http-status.js";
export type { Cookie, CookieWithOptions, Header, Query, WireScalar, WireValue } from "./wire.js";
