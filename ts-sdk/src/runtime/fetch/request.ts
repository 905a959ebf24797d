import { AbortController, AbortSignal } from "../events/abort-signal.js";
import { describeAs } from "../inspection.js";
import { urls } from "../lazy-modules.js";
import { defineInterface, requireArguments } from "../web-idl.js";
import { Body, BodyState } from "./body.js";
import { extractBody, isReadableStream } from "./body-source.js";
import { Headers, type HeadersInit } from "./headers.js";

export interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: unknown;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  duplex?: "half";
  referrer?: string;
  referrerPolicy?: string;
  mode?: string;
  credentials?: string;
  cache?: string;
  integrity?: string;
  keepalive?: boolean;
}

export type RequestRedirect = "follow" | "error" | "manual";

/** The members that a server's fetch keeps and returns, but that change nothing: there is no page, cache or cookie jar they could refer to. */
const passive = {
  referrer: { initial: "about:client", values: undefined },
  referrerPolicy: {
    initial: "",
    values: [
      "",
      "no-referrer",
      "no-referrer-when-downgrade",
      "same-origin",
      "origin",
      "strict-origin",
      "origin-when-cross-origin",
      "strict-origin-when-cross-origin",
      "unsafe-url",
    ],
  },
  mode: { initial: "cors", values: ["cors", "no-cors", "same-origin"] },
  credentials: { initial: "same-origin", values: ["omit", "same-origin", "include"] },
  cache: { initial: "default", values: ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"] },
  integrity: { initial: "", values: undefined },
} as const;

type PassiveMembers = Record<keyof typeof passive, string>;

const redirects = ["follow", "error", "manual"];
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const normalizedMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
const forbiddenMethods = ["CONNECT", "TRACE", "TRACK"];

let stateOf: (request: Request) => BodyState | null;

/** https://fetch.spec.whatwg.org/#request-class */
export class Request extends Body {
  readonly #url: URL;
  readonly #method: string;
  readonly #headers: Headers;
  readonly #redirect: RequestRedirect;
  readonly #signal: AbortSignal;
  readonly #keepalive: boolean;
  readonly #passive: PassiveMembers;
  #body: BodyState | null = null;

  static {
    stateOf = (request) => request.#body;
  }

  constructor(input: Request | string | URL, init: RequestInit = {}) {
    requireArguments(arguments.length, 1, "Request constructor");
    super();
    const base = input instanceof Request ? input : undefined;
    this.#url = base === undefined ? parseUrl(input) : base.#url;
    this.#method = init.method === undefined ? (base?.method ?? "GET") : normalizeMethod(String(init.method));
    this.#redirect = oneOf("redirect", init.redirect ?? base?.redirect ?? "follow", redirects) as RequestRedirect;
    this.#keepalive = init.keepalive === undefined ? (base?.keepalive ?? false) : Boolean(init.keepalive);
    this.#passive = passiveMembers(init, base);
    this.#signal = followingSignal(init.signal === undefined ? base?.signal : init.signal);
    this.#headers = new Headers(init.headers ?? base?.headers);
    this.#body = this.#extract(init, base);
  }

  get method(): string {
    return this.#method;
  }

  get url(): string {
    return this.#url.href;
  }

  get headers(): Headers {
    return this.#headers;
  }

  get redirect(): RequestRedirect {
    return this.#redirect;
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  get keepalive(): boolean {
    return this.#keepalive;
  }

  get destination(): string {
    return "";
  }

  get duplex(): string {
    return "half";
  }

  get referrer(): string {
    return this.#passive.referrer;
  }

  get referrerPolicy(): string {
    return this.#passive.referrerPolicy;
  }

  get mode(): string {
    return this.#passive.mode;
  }

  get credentials(): string {
    return this.#passive.credentials;
  }

  get cache(): string {
    return this.#passive.cache;
  }

  get integrity(): string {
    return this.#passive.integrity;
  }

  clone(): Request {
    const body = this.#body?.clone() ?? null;
    const copy = new Request(this.url, {
      method: this.#method,
      headers: this.#headers,
      redirect: this.#redirect,
      signal: this.#signal,
      keepalive: this.#keepalive,
      ...this.#passive,
    });
    copy.#body = body;
    return copy;
  }

  protected override bodyState(): BodyState | null {
    return this.#body;
  }

  #extract(init: RequestInit, base: Request | undefined): BodyState | null {
    const given = init.body !== undefined && init.body !== null;
    const inherited = base === undefined ? null : base.#body;
    if ((given || inherited !== null) && (this.#method === "GET" || this.#method === "HEAD")) {
      throw new TypeError("Request with GET/HEAD method cannot have body.");
    }
    if (!given) {
      // A request made from another one takes its body over.
      return inherited === null ? null : new BodyState(inherited.take());
    }
    if (isReadableStream(init.body) && init.duplex === undefined) {
      throw new TypeError("RequestInit: duplex option is required when sending a body.");
    }
    const { source, type } = extractBody(init.body);
    if (type !== null && !this.#headers.has("content-type")) this.#headers.append("Content-Type", type);
    return new BodyState(source);
  }
}

defineInterface("Request", Request);
describeAs(Request, ({ method, url, headers, redirect, bodyUsed }) => ({ method, url, headers, redirect, bodyUsed }));

/** A request's body, for sending it. */
export function requestBody(request: Request): BodyState | null {
  return stateOf(request);
}

function parseUrl(input: unknown): URL {
  const text = String(input);
  let url: URL;
  try {
    url = new (urls().URL)(text);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${text}`, { cause });
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${text}`);
  }
  return url;
}

function normalizeMethod(method: string): string {
  const upper = method.toUpperCase();
  if (!token.test(method) || forbiddenMethods.includes(upper))
    throw new TypeError(`'${method}' is not a valid HTTP method.`);
  return normalizedMethods.includes(upper) ? upper : method;
}

function passiveMembers(init: RequestInit, base: Partial<PassiveMembers> | undefined): PassiveMembers {
  const names = Object.keys(passive) as (keyof typeof passive)[];
  return Object.fromEntries(
    names.map((name) => {
      const { initial, values } = passive[name];
      const value = String(init[name] ?? base?.[name] ?? initial);
      return [name, values === undefined ? value : oneOf(name, value, values)];
    }),
  ) as PassiveMembers;
}

function oneOf(name: string, value: string, values: readonly string[]): string {
  if (!values.includes(value))
    throw new TypeError(`Request constructor: ${value} is not an accepted type for ${name}.`);
  return value;
}

function followingSignal(signal: AbortSignal | null | undefined): AbortSignal {
  if (signal === undefined || signal === null) return new AbortController().signal;
  if (!(signal instanceof AbortSignal)) {
    throw new TypeError("Failed to construct 'Request': member signal is not of type AbortSignal.");
  }
  return AbortSignal.any([signal]);
}
