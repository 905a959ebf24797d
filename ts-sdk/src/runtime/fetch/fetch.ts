import { urls } from "../lazy-modules.js";
import { requireArguments } from "../web-idl.js";
import { type BodySource, readAll } from "./body-source.js";
import { readDataUrl } from "./data-url.js";
import { exchange } from "./exchange.js";
import { Headers, headerFields } from "./headers.js";
import { Request, requestBody, type RequestInit } from "./request.js";
import { isRedirect, networkResponse, Response } from "./response.js";

// https://fetch.spec.whatwg.org/#http-redirect-fetch, step 9
const maxRedirects = 20;
// https://fetch.spec.whatwg.org/#request-body-header-name
const bodyHeaders = ["content-encoding", "content-language", "content-location", "content-type"];
// What one origin is told is not for another: credentials that the application wrote itself.
const originHeaders = ["authorization", "proxy-authorization", "cookie", "host"];

/** https://fetch.spec.whatwg.org/#fetch-method */
export async function fetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
  requireArguments(arguments.length, 1, "fetch");
  const request = new Request(input, init);
  const { signal } = request;
  signal.throwIfAborted();
  try {
    return await follow(request);
  } catch (error) {
    signal.throwIfAborted();
    // What went wrong in the network is the cause; the message is the same for all of it.
    throw new TypeError("fetch failed", { cause: error });
  }
}

async function follow(request: Request): Promise<Response> {
  const state = requestBody(request);
  // A body is sent as a whole, so that it can be sent again after a redirect.
  let body = state === null ? undefined : await readAll(state.take());
  let { method } = request;
  let url = new (urls().URL)(request.url);
  const headers = new Headers(request.headers);
  addDefault(headers, "Accept", "*/*");
  addDefault(headers, "Accept-Language", "*");
  addDefault(headers, "User-Agent", "encore-host");
  for (let hops = 0; ; hops++) {
    if (url.protocol === "data:") return dataResponse(url, method, hops > 0);
    if (url.protocol !== "http:" && url.protocol !== "https:")
      throw new Error(`unknown scheme: ${url.protocol.slice(0, -1)}`);
    const fields = headerFields(headers);
    const target = url.href.slice(0, url.hash === "" ? undefined : -url.hash.length);
    // fetch sends Content-Length: 0 for a body-less POST or PUT: some servers insist on it.
    const hasBody = body !== undefined || method === "POST" || method === "PUT";
    const answer = await exchange(
      { method, url: target, headers: fields, hasBody },
      hasBody ? (body ?? new Uint8Array(0)) : undefined,
      request.signal,
    );
    const location =
      isRedirect(answer.status) && request.redirect !== "manual" ? headerValue(answer.headers, "location") : null;
    if (location === null) {
      const empty = method === "HEAD" ? discard(answer.body) : null;
      return networkResponse({
        ...answer,
        url: target,
        redirected: hops > 0,
        body: method === "HEAD" ? empty : answer.body,
      });
    }
    discard(answer.body);
    if (request.redirect === "error") throw new Error("unexpected redirect");
    if (hops === maxRedirects) throw new Error("redirect count exceeded");
    const next = resolve(location, url);
    if (
      (answer.status === 303 && method !== "GET" && method !== "HEAD") ||
      (method === "POST" && answer.status < 303)
    ) {
      method = "GET";
      body = undefined;
      for (const name of bodyHeaders) headers.delete(name);
    }
    if (next.origin !== url.origin) for (const name of originHeaders) headers.delete(name);
    url = next;
  }
}

function addDefault(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

function headerValue(fields: readonly (readonly [string, string])[], name: string): string | null {
  return fields.find(([each]) => each.toLowerCase() === name)?.[1] ?? null;
}

function resolve(location: string, base: URL): URL {
  // Bytes that are no ASCII are UTF-8 in practice, and that is how browsers read them.
  const url = new (urls().URL)(decodeLocation(location), base.href);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error("URL scheme must be a HTTP(S) scheme");
  if (url.hash === "") url.hash = base.hash;
  return url;
}

function decodeLocation(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

function discard(body: BodySource): null {
  if (body.kind === "chunks") body.reader.cancel();
  return null;
}

function dataResponse(url: URL, method: string, redirected: boolean): Response {
  const content = readDataUrl(url);
  if (content === null) throw new Error("invalid data URL");
  const bytes = method === "HEAD" ? new Uint8Array(0) : content.bytes;
  return networkResponse({
    url: url.href,
    status: 200,
    statusText: "OK",
    redirected,
    headers: [["content-type", content.type]],
    body: { kind: "bytes", bytes },
  });
}
