// Made by `encore-host gen client` of library. Changes are lost when it is made again.
/* eslint-disable */

/** Calls library. */
export class Client {
  readonly #target: BaseURL;
  readonly #options: ClientOptions;
  /** Books, and who has them. */
  readonly library: LibraryServiceClient;

  /**
   * A client of the application as it is served somewhere.
   */
  constructor(target: BaseURL = Local, options: ClientOptions = {}) {
    this.#target = target;
    this.#options = options;
    const base = new BaseClient(target, options);
    this.library = new LibraryServiceClient(base);
  }

  /**
   * A client with other options besides its own.
   */
  with(options: ClientOptions): Client {
    return new Client(this.#target, { ...this.#options, ...options });
  }
}

export default Client;

export namespace library {
  export type ServiceClient = LibraryServiceClient;

  export interface AddParams {
    title: string;
    medium: types.Medium;
    key: string;
    /** A cookie: browsers send their own. */
    session?: string;
    notify?: string[];
  }

  export interface AddResponse {
    status: 201 | 204;
    /** Where the book is now. */
    location?: string;
    book: types.Book;
  }

  export interface GetParams {
    at?: string;
    language?: string;
  }
}

export namespace types {
  export interface Paper {
    kind: "paper";
    pages: number;
  }

  export interface Ebook {
    kind: "ebook";
    bytes: string;
  }

  export type Medium = types.Paper | types.Ebook | null;

  export interface Book {
    id: number;
    /** As the cover has it. */
    title: string;
    medium: types.Medium;
    sequel?: types.Book;
  }

  /** Some of many. */
  export type PageBook = types.Book[];
}

/** The endpoints of library. */
class LibraryServiceClient {
  readonly #base: BaseClient;

  constructor(base: BaseClient) {
    this.#base = base;
    this.add = this.add.bind(this);
    this.cover = this.cover.bind(this);
    this.get = this.get.bind(this);
    this.page = this.page.bind(this);
    this.remove = this.remove.bind(this);
  }

  /** Adds a book. */
  async add(params: library.AddParams, options?: CallParameters): Promise<library.AddResponse> {
    const { notify, key, session, ...body } = params;
    const response = await this.#base.call("POST", "/books", { query: { notify }, headers: { "x-idempotency-key": key }, cookies: { session }, body }, options);
    return (await answerOf(response, { location: ["location", "text"] }, "status")) as library.AddResponse;
  }

  async cover(file: string | readonly string[], options?: CallParameters): Promise<void> {
    await this.#base.call("GET", `/covers/${segments(file)}`, {}, options);
  }

  /**
   * Finds a book.
   *
   * Readers see it, borrowed or not.
   */
  async get(id: number, params: library.GetParams = {}, options?: CallParameters): Promise<types.Book> {
    const { at, language } = params;
    const response = await this.#base.call("GET", `/books/${segment(id)}`, { query: { at, language } }, options);
    return (await answerOf(response)) as types.Book;
  }

  async page(path: string | readonly string[], options?: CallParameters): Promise<types.PageBook> {
    const response = await this.#base.call("GET", `/${segments(path)}`, {}, options);
    return (await answerOf(response)) as types.PageBook;
  }

  async remove(bookId: string, options?: CallParameters): Promise<void> {
    await this.#base.call("DELETE", `/books/${segment(bookId)}`, {}, options);
  }
}

/** Where an application is served. */
export type BaseURL = string;

/** The application as it is served on the machine it is developed on. */
export const Local: BaseURL = "http://localhost:4000";

/**
 * An environment of the application in the cloud.
 */
export function Environment(name: string): BaseURL {
  return `https://${name}-library.encr.app`;
}

/** What sends requests: `fetch`, or what takes its place. */
export type Fetcher = typeof fetch;

/** What opens sockets: `WebSocket`, or what takes its place where there is none. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocket;

/** How a client reaches the application. */
export interface ClientOptions {
  /** Sends requests; default: the platform's `fetch`. */
  fetcher?: Fetcher;
  /** Opens the sockets of streams; default: the platform's `WebSocket`. */
  webSocket?: WebSocketConstructor;
  /** What every request has besides. */
  requestInit?: Omit<RequestInit, "method" | "body" | "headers"> & { headers?: Record<string, string> };
}

/** What one call has besides its parameters. */
export type CallParameters = Omit<RequestInit, "method" | "body" | "headers"> & {
  headers?: Record<string, string>;
  query?: Record<string, string | readonly string[]>;
};

/** What a request brings, by where it travels. */
interface Parts {
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  cookies?: Record<string, unknown>;
  body?: unknown;
}

/** The codes of errors. */
export const ErrCode = {
  OK: "ok",
  Canceled: "canceled",
  Unknown: "unknown",
  InvalidArgument: "invalid_argument",
  DeadlineExceeded: "deadline_exceeded",
  NotFound: "not_found",
  AlreadyExists: "already_exists",
  PermissionDenied: "permission_denied",
  ResourceExhausted: "resource_exhausted",
  FailedPrecondition: "failed_precondition",
  Aborted: "aborted",
  OutOfRange: "out_of_range",
  Unimplemented: "unimplemented",
  Internal: "internal",
  Unavailable: "unavailable",
  DataLoss: "data_loss",
  Unauthenticated: "unauthenticated",
} as const;
export type ErrCode = (typeof ErrCode)[keyof typeof ErrCode];

/**
 * Whether a text is the code of an error.
 */
export function isErrCode(code: unknown): code is ErrCode {
  return Object.values<unknown>(ErrCode).includes(code);
}

/** An answer that is an error. */
export class APIError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** What went wrong, for programs. */
  readonly code: ErrCode;
  /** What else the application says of it; null for nothing. */
  readonly details: unknown;

  constructor(status: number, code: ErrCode, message: string, details: unknown = null) {
    super(message);
    this.name = "APIError";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * Whether something thrown is an answer that is an error.
 */
export function isAPIError(error: unknown): error is APIError {
  return error instanceof APIError;
}

/** Sends the requests of all services. */
class BaseClient {
  readonly #target: string;
  readonly #options: ClientOptions;

  constructor(target: BaseURL, options: ClientOptions) {
    this.#target = target.replace(/\/+$/, "");
    this.#options = options;
  }

  /** Sends a request; throws an APIError for an answer that is one. */
  async call(method: string, path: string, parts: Parts = {}, options: CallParameters = {}): Promise<Response> {
    const hasBody = "body" in parts;
    const init: RequestInit = hasBody ? { body: JSON.stringify(parts.body) } : {};
    const headers = hasBody ? { ...parts.headers, "Content-Type": "application/json" } : parts.headers ?? {};
    return this.send(method, path, { ...parts, headers }, init, options);
  }

  /** Sends a request whose body, if any, is ready. */
  async send(method: string, path: string, parts: Parts, init: RequestInit, options: CallParameters = {}): Promise<Response> {
    const { headers: ownHeaders, query, ...rest } = options;
    const { headers: allHeaders, ...every } = this.#options.requestInit ?? {};
    const all = withAuth(parts, await this.#auth());
    const headers = new Headers(allHeaders);
    for (const [name, value] of Object.entries(all.headers ?? {})) {
      headers.delete(name);
      for (const text of textsOf(value)) headers.append(name, text);
    }
    for (const [name, value] of Object.entries(ownHeaders ?? {})) headers.set(name, value);
    // Browsers send their own cookies, and keep this header from scripts.
    const cookies = cookieText(all.cookies);
    if (cookies !== "") headers.set("Cookie", cookies);
    const credentials: RequestInit = all.cookies === undefined ? {} : { credentials: "include" };
    const fetcher = this.#options.fetcher ?? fetch;
    const url = this.#target + path + queryText({ ...all.query, ...query });
    const response = await fetcher(url, { ...credentials, ...every, ...rest, ...init, method, headers });
    if (response.status >= 400) throw await errorOf(response);
    return response;
  }

  /** Opens a socket. */
  async open(path: string, parts: Parts = {}): Promise<WebSocket> {
    const all = withAuth(parts, await this.#auth());
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(all.headers ?? {})) {
      const texts = textsOf(value);
      if (texts.length > 0) headers[name] = texts.join(", ");
    }
    const cookies = cookieText(all.cookies);
    // Cookies of a browser come by themselves; elsewhere nothing else can bring them.
    if (cookies !== "" && typeof document === "undefined") headers["Cookie"] = cookies;
    const protocols = ["encore-ws"];
    // Browsers let scripts set no headers on a socket: they travel in the name of a protocol.
    if (Object.keys(headers).length > 0) protocols.push(`encore.dev.headers.${base64url(JSON.stringify(headers))}`);
    const open = this.#options.webSocket ?? WebSocket;
    return new open(this.#target.replace(/^http/, "ws") + path + queryText(all.query), protocols);
  }

  async #auth(): Promise<Parts | undefined> {
    return await Promise.resolve(undefined);
  }
}

function withAuth(parts: Parts, auth: Parts | undefined): Parts {
  if (auth === undefined) return parts;
  const cookies = auth.cookies === undefined ? parts.cookies : { ...auth.cookies, ...parts.cookies };
  return {
    ...parts,
    headers: { ...auth.headers, ...parts.headers },
    query: { ...auth.query, ...parts.query },
    ...(cookies === undefined ? {} : { cookies }),
  };
}

/** A value as path, query, headers and cookies write it: lists once for each element, what is missing not at all. */
function textsOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return [typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)];
}

function queryText(query: Record<string, unknown> | undefined): string {
  const text = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([name, value]) => textsOf(value).map((text) => [name, text])),
  ).toString();
  return text === "" ? "" : `?${text}`;
}

function cookieText(cookies: Record<string, unknown> | undefined): string {
  return Object.entries(cookies ?? {})
    .flatMap(([name, value]) => textsOf(value).map((text) => `${name}=${text}`))
    .join("; ");
}

function segment(value: unknown): string {
  return encodeURIComponent(String(value));
}

/** The rest of a path, slashes included. */
function segments(value: string | readonly string[]): string {
  return (typeof value === "string" ? value.split("/") : value).map(segment).join("/");
}

function base64url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** A member of what an answer may be. */
function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? ((value as Record<string, unknown>))[name] : undefined;
}

async function errorOf(response: Response): Promise<APIError> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    // A proxy's page: the status says what there is to say.
  }
  const code = memberOf(body, "code");
  const message = memberOf(body, "message");
  return new APIError(
    response.status,
    isErrCode(code) ? code : ErrCode.Unknown,
    typeof message === "string" ? message : `the request failed with status ${response.status}`,
    memberOf(body, "details") ?? null,
  );
}

/** How a header of an answer is read. */
type HeaderKind = "text" | "number" | "boolean" | "texts" | "numbers" | "booleans";

/** The answer's body, and those of its fields that travel elsewhere. */
async function answerOf(response: Response, headers: Record<string, readonly [name: string, kind: HeaderKind]> = {}, status?: string): Promise<unknown> {
  const text = await response.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  if (status === undefined && Object.keys(headers).length === 0) return body;
  const answer: Record<string, unknown> = { ...(body as object | undefined) };
  for (const [field, [name, kind]] of Object.entries(headers)) {
    const value = response.headers.get(name);
    if (value !== null) answer[field] = headerValue(value, kind);
  }
  if (status !== undefined) answer[status] = response.status;
  return answer;
}

function headerValue(text: string, kind: HeaderKind): unknown {
  switch (kind) {
    case "number":
      return Number(text);
    case "boolean":
      return text === "true";
    case "texts":
      return text.split(", ");
    case "numbers":
      return text.split(", ").map(Number);
    case "booleans":
      return text.split(", ").map((element) => element === "true");
    default:
      return text;
  }
}
