import { endpointSymbol } from "../internal/registry.js";
import { raw } from "./raw.js";
import { staticAssets } from "./static.js";
import { type DeclareStreamIn, type DeclareStreamInOut, type DeclareStreamOut, declareStream } from "./stream.js";

/** An HTTP method that an endpoint can answer. */
export type Method = "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE" | "CONNECT";

/** How an endpoint is reached, and by whom. Values have to be literals: they are read at build time. */
export interface APIOptions {
  /** The method or methods to answer; `"*"` is any. Default: `"POST"`. */
  method?: Method | Method[] | "*";

  /**
   * The path to answer: `/users/:id` takes one segment as the parameter `id`, `/files/*path` the rest of the path as `path`,
   * `/!fallback` what no other endpoint answers. Default: `/<service>.<endpoint>`.
   */
  path?: string;

  /** Whether the endpoint can be called from outside the application. Default: false. */
  expose?: boolean;

  /** Whether a request needs valid credentials; without them the answer is 401. Default: false. */
  auth?: boolean;

  /** How large a request body may be, in bytes; `null` lifts the limit. Default: 2 MiB. */
  bodyLimit?: number | null;

  /** Names by which middleware and client generation choose endpoints. */
  tags?: string[];

  /** Whether headers and payloads are kept out of traces and logs. Default: false. */
  sensitive?: boolean;
}

// void stands for the parameters or the response that an endpoint doesn't have.
/* eslint-disable @typescript-eslint/no-invalid-void-type */

/** A declared endpoint. Calling it calls its handler: parameters in, a promise of the response out. */
export type Endpoint<Params, Response> = Params extends void
  ? () => Promise<Response>
  : (params: Params) => Promise<Response>;

/**
 * Refuses answers that are no objects, and not null either. Not a constraint: where an inferred type breaks one, the checker takes the constraint itself for the
 * type, and a promise of a number, say, passes for an object.
 */
type AnswersWithObject<Response> = [Response] extends [object | null | void]
  ? unknown
  : "an endpoint answers with an object, null or nothing";

/**
 * Declares an endpoint whose requests and responses are typed: the host decodes and validates a request before `handler` runs, and encodes
 * what it returns. Export the result from its module; the export's name is the endpoint's name.
 *
 * ```ts
 * export const get = api(
 *   { method: "GET", path: "/blog/:id", expose: true },
 *   async ({ id }: { id: number }): Promise<BlogPost> => posts.find(id),
 * );
 * ```
 *
 * @typeParam Params the request's fields: path parameters, query, headers and body in one object; `void` for none
 * @typeParam Response the response's fields, or a list of such; `null` is the JSON value, `void` stands for an empty answer
 * @param options how the endpoint is reached
 * @param handler what it does; synchronous or asynchronous
 */
export function api<Params extends object | void = void, Response = void>(
  options: APIOptions,
  handler: ((params: Params) => Response | Promise<Response>) & AnswersWithObject<Response>,
): Endpoint<Params, Response> {
  const endpoint = async (params: Params): Promise<Response> => handler(params);
  Object.defineProperty(endpoint, endpointSymbol, { value: { options, handler, kind: "typed" } });
  return endpoint as Endpoint<Params, Response>;
}

/** Streams, over WebSocket or as Server-Sent Events: messages that are typed and checked like requests. */
api.streamInOut = declareStream("streamInOut") as DeclareStreamInOut;
/** Messages from clients. */
api.streamIn = declareStream("streamIn") as DeclareStreamIn;
/** Messages to clients. */
api.streamOut = declareStream("streamOut") as DeclareStreamOut;
/** Files. */
api.static = staticAssets;
/** Requests and responses as Node's `http` has them. */
api.raw = raw;
