/**
 * Modules that are evaluated when they are first needed. The bundler keeps each behind a function, so that the start of an isolate doesn't
 * pay for them, neither in time nor in memory.
 */

/* eslint-disable @typescript-eslint/no-require-imports -- an import would evaluate the module at once */

/** Node's `util.inspect` and `util.format`. */
export const inspecting = () => require("node-inspect-extracted") as typeof import("node-inspect-extracted");

/** URL and URLSearchParams. */
export const urls = () => require("./url/url.js") as typeof import("./url/url.js");

/** Domain names beyond ASCII: 200 kB of tables. */
export const domainNames = () => require("tr46") as typeof import("tr46");

/** Headers, Request, Response and fetch. */
export const fetching = () => require("./fetch/index.js") as typeof import("./fetch/index.js");

/** The web's streams. */
export const streams = () => require("./streams.js") as typeof import("./streams.js");

/** Requests and responses as Node's `http` has them, and Buffer. */
export const rawExchanges = () => require("./node-http/index.js") as typeof import("./node-http/index.js");
