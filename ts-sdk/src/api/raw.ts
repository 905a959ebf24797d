/* eslint-disable @typescript-eslint/ban-ts-comment -- whether it is an error depends on what is installed */
/** @ts-ignore -- where @types/node isn't installed, the types below stand in */
import type { IncomingMessage, ServerResponse } from "node:http";
import { endpointSymbol } from "../internal/registry.js";
import type { APIOptions } from "./endpoint.js";

/** A type where it is known, or what stands in for it. */
type Known<Type, StandIn> = 0 extends Type & 1 ? StandIn : Type;

/** The part of Node's `http.IncomingMessage` that needs no other of Node's types. */
export interface BareRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string;
  url?: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  readonly socket: { readonly remoteAddress?: string; readonly remotePort?: number };
  on(event: "data", listener: (chunk: Uint8Array) => void): this;
  on(event: "end" | "close" | "aborted", listener: () => void): this;
  on(event: "error", listener: (error: Error) => void): this;
}

/** The part of Node's `http.ServerResponse` that needs no other of Node's types. */
export interface BareResponse {
  statusCode: number;
  statusMessage: string;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  setHeader(name: string, value: string | number | readonly string[]): this;
  getHeader(name: string): string | number | string[] | undefined;
  hasHeader(name: string): boolean;
  removeHeader(name: string): void;
  writeHead(status: number, headers?: Record<string, string | number | readonly string[]>): this;
  write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): boolean;
  end(chunk?: string | Uint8Array, callback?: () => void): this;
  on(event: "close" | "finish" | "drain", listener: () => void): this;
  on(event: "error", listener: (error: Error) => void): this;
}

/** The request of a raw endpoint: Node's `http.IncomingMessage`, where its types are installed. */
export type RawRequest = Known<IncomingMessage, BareRequest>;

/** The response of a raw endpoint: Node's `http.ServerResponse`, where its types are installed. */
export type RawResponse = Known<ServerResponse, BareResponse>;

/** What a raw endpoint does. */
export type RawHandler = (request: RawRequest, response: RawResponse) => void | Promise<void>;

/**
 * Declares an endpoint that reads requests and writes responses itself, with the classes of Node's `http`: for webhooks whose exact bytes
 * count, for pages, for what other frameworks serve. Nothing is decoded or checked; authentication, CORS and middleware work as for every
 * endpoint.
 *
 * ```ts
 * export const page = api.raw({ method: "GET", path: "/", expose: true }, (request, response) => {
 *   response.setHeader("Content-Type", "text/html");
 *   response.end(`<h1>${request.url}</h1>`);
 * });
 * ```
 */
export function raw(options: APIOptions, handler: RawHandler): RawHandler {
  const endpoint: RawHandler = (request, response) => handler(request, response);
  Object.defineProperty(endpoint, endpointSymbol, { value: { options, handler, kind: "raw" } });
  return endpoint;
}
