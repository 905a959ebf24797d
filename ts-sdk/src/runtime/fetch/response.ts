import { describeAs } from "../inspection.js";
import { urls } from "../lazy-modules.js";
import { defineInterface, requireArguments } from "../web-idl.js";
import { Body, BodyState } from "./body.js";
import { type BodySource, extractBody } from "./body-source.js";
import { Headers, type HeadersInit, immutableHeaders } from "./headers.js";
import type { HeaderField } from "./protocol.js";

export interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}

/** What a response from the network has beyond one that a program makes. */
export interface NetworkResponse {
  url: string;
  status: number;
  statusText: string;
  redirected: boolean;
  headers: readonly HeaderField[];
  body: BodySource | null;
}

const nullBodyStatuses = [101, 103, 204, 205, 304];
const redirectStatuses = [301, 302, 303, 307, 308];
// RFC 9110, 15: reason-phrase.
const reasonPhrase = /^[\t\x20-\x7e\x80-\xff]*$/;

let fromNetwork: (response: NetworkResponse) => Response;

/** https://fetch.spec.whatwg.org/#response-class */
export class Response extends Body {
  #type: "default" | "basic" | "error" = "default";
  #url = "";
  #redirected = false;
  #status: number;
  #statusText: string;
  #headers: Headers;
  #body: BodyState | null = null;

  static {
    fromNetwork = ({ url, status, statusText, redirected, headers, body }) => {
      const response = new Response();
      response.#type = "basic";
      response.#url = url;
      response.#redirected = redirected;
      response.#status = status;
      response.#statusText = statusText;
      response.#headers = immutableHeaders(headers);
      response.#body = body === null || nullBodyStatuses.includes(status) ? null : new BodyState(body);
      return response;
    };
  }

  constructor(body?: unknown, init: ResponseInit = {}) {
    super();
    this.#status = init.status === undefined ? 200 : Math.trunc(Number(init.status));
    if (!(this.#status >= 200 && this.#status <= 599)) {
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    }
    this.#statusText = String(init.statusText ?? "");
    if (!reasonPhrase.test(this.#statusText)) throw new TypeError("Invalid statusText");
    this.#headers = new Headers(init.headers);
    if (body === undefined || body === null) return;
    if (nullBodyStatuses.includes(this.#status)) {
      throw new TypeError(`Response constructor: Invalid response status code ${String(this.#status)}`);
    }
    const { source, type } = extractBody(body);
    if (type !== null && !this.#headers.has("content-type")) this.#headers.append("Content-Type", type);
    this.#body = new BodyState(source);
  }

  /** A network error. */
  static error(): Response {
    const response = new Response();
    response.#type = "error";
    response.#status = 0;
    response.#headers = immutableHeaders([]);
    return response;
  }

  static json(data: unknown, init: ResponseInit = {}): Response {
    requireArguments(arguments.length, 1, "Response.json");
    const text = JSON.stringify(data) as string | undefined;
    if (text === undefined) throw new TypeError("The data is not JSON serializable");
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) headers.set("Content-Type", "application/json");
    return new Response(text, { ...init, headers });
  }

  static redirect(url: string | URL, status = 302): Response {
    requireArguments(arguments.length, 1, "Response.redirect");
    let location: string;
    try {
      location = new (urls().URL)(String(url)).href;
    } catch (cause) {
      throw new TypeError(`Failed to parse URL from ${String(url)}`, { cause });
    }
    if (!redirectStatuses.includes(status)) throw new RangeError(`Invalid status code ${String(status)}`);
    const response = new Response(null, { status });
    response.#headers = immutableHeaders([["location", location]]);
    return response;
  }

  get type(): string {
    return this.#type;
  }

  get url(): string {
    return this.#url;
  }

  get redirected(): boolean {
    return this.#redirected;
  }

  get status(): number {
    return this.#status;
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299;
  }

  get statusText(): string {
    return this.#statusText;
  }

  get headers(): Headers {
    return this.#headers;
  }

  clone(): Response {
    const copy = new Response(null, { headers: this.#headers });
    copy.#body = this.#body?.clone() ?? null;
    copy.#type = this.#type;
    copy.#url = this.#url;
    copy.#redirected = this.#redirected;
    copy.#status = this.#status;
    copy.#statusText = this.#statusText;
    return copy;
  }

  protected override bodyState(): BodyState | null {
    return this.#body;
  }
}

defineInterface("Response", Response);
describeAs(Response, ({ status, statusText, headers, bodyUsed, ok, redirected, type, url }) => {
  return { status, statusText, headers, bodyUsed, ok, redirected, type, url };
});

/** Makes the response that `fetch` resolves with. */
export function networkResponse(response: NetworkResponse): Response {
  return fromNetwork(response);
}

/** Whether a status asks to go on elsewhere. */
export function isRedirect(status: number): boolean {
  return redirectStatuses.includes(status);
}
