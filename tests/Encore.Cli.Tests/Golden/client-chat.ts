// Made by `encore-host gen client` of chat. Changes are lost when it is made again.
/* eslint-disable */

/** Calls chat. */
export class Client {
  readonly #target: BaseURL;
  readonly #options: ClientOptions;
  readonly rooms: RoomsServiceClient;
  /** Files of users. */
  readonly userFiles: UserFilesServiceClient;

  /**
   * A client of the application as it is served somewhere.
   */
  constructor(target: BaseURL = Local, options: ClientOptions = {}) {
    this.#target = target;
    this.#options = options;
    const base = new BaseClient(target, options);
    this.rooms = new RoomsServiceClient(base);
    this.userFiles = new UserFilesServiceClient(base);
  }

  /**
   * A client with other options besides its own.
   */
  with(options: ClientOptions): Client {
    return new Client(this.#target, { ...this.#options, ...options });
  }
}

export default Client;

export namespace rooms {
  export type ServiceClient = RoomsServiceClient;

  export interface Count {
    count: number;
    all?: number[];
  }

  export interface ListenParams {
    since?: number;
    device?: string;
  }

  export interface TalkParams {
    since?: number;
    device?: string;
  }

  export interface UpdateParams {
    default?: number;
    text: string;
  }

  export interface AuthParams {
    authorization?: string;
    key?: string;
    session?: string;
  }
}

export namespace userFiles {
  export type ServiceClient = UserFilesServiceClient;
}

export namespace types {
  /** One «message» ‹of› a *\/ room. */
  export interface Message {
    text: string;
    "x-from"?: string;
  }
}

/** The endpoints of rooms. */
class RoomsServiceClient {
  readonly #base: BaseClient;

  constructor(base: BaseClient) {
    this.#base = base;
    this.listen = this.listen.bind(this);
    this.talk = this.talk.bind(this);
    this.upload = this.upload.bind(this);
    this.update = this.update.bind(this);
  }

  /** Messages of a room. */
  async listen(room: string, params: rooms.ListenParams = {}): Promise<StreamIn<types.Message>> {
    const { since, device } = params;
    return new StreamIn(await this.#base.open(`/rooms/${segment(room)}/listen`, { query: { since }, headers: { "x-device": device } }));
  }

  async talk(room: string, params: rooms.TalkParams = {}): Promise<StreamInOut<types.Message, types.Message>> {
    const { since, device } = params;
    return new StreamInOut(await this.#base.open(`/rooms/${segment(room)}`, { query: { since }, headers: { "x-device": device } }));
  }

  async upload(): Promise<StreamOut<types.Message, rooms.Count>> {
    return new StreamOut(await this.#base.open("/upload", {}));
  }

  async update(class_: string, params: rooms.UpdateParams, options?: CallParameters): Promise<types.Message> {
    const { default: default_, ...body } = params;
    const response = await this.#base.call("PATCH", `/rooms/${segment(class_)}`, { query: { default: default_ }, body }, options);
    return (await answerOf(response)) as types.Message;
  }
}

/** The endpoints of user-files. */
class UserFilesServiceClient {
  readonly #base: BaseClient;

  constructor(base: BaseClient) {
    this.#base = base;
    this.assets = this.assets.bind(this);
    this.constructor2 = this.constructor2.bind(this);
    this.hook = this.hook.bind(this);
  }

  async assets(path: string | readonly string[], options?: CallParameters): Promise<Response> {
    return await this.#base.send("GET", `/assets/${segments(path)}`, {}, {}, options);
  }

  async constructor2(options?: CallParameters): Promise<rooms.Count> {
    const response = await this.#base.call("DELETE", "/it%27s%20%60%24%7Bodd%7D%60", {}, options);
    return (await answerOf(response, { all: ["x-all", "numbers"] })) as rooms.Count;
  }

  async hook(method: "POST" | "PUT", id: string, body: BodyInit | null = null, options?: CallParameters): Promise<Response> {
    return await this.#base.send(method, `/hooks/${segment(id)}`, {}, { body }, options);
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
  return `https://${name}-chat.encr.app`;
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
  /** What authenticates requests, or a function that gives it for each of them. */
  auth?: rooms.AuthParams | (() => rooms.AuthParams | undefined | Promise<rooms.AuthParams | undefined>);
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
    const { auth: given } = this.#options;
    const auth = typeof given === "function" ? await given() : given;
    if (auth === undefined) return undefined;
    return { headers: { authorization: auth.authorization }, query: { key: auth.key }, cookies: { session: auth.session } };
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

/** A stream that ended otherwise than by being closed. */
export class StreamError extends Error {
  /** The WebSocket's close code (RFC 6455 section 7.4). */
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason === "" ? `the stream ended with code ${code}` : reason);
    this.name = "StreamError";
    this.code = code;
  }
}

/** A socket whose messages are JSON. */
class JsonSocket {
  readonly socket: WebSocket;
  readonly #received: unknown[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #opened: Promise<void>;
  #end: { error: StreamError | undefined } | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener("message", (event) => {
      this.#received.push(JSON.parse(String(event.data)));
      this.#wake();
    });
    this.#opened = new Promise((resolve) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("close", ({ code, reason }) => {
        // 1000: done; 1001: one side goes away; 1005: closed without saying why.
        const isClean = code === 1000 || code === 1001 || code === 1005;
        this.#end = { error: isClean ? undefined : new StreamError(code, reason) };
        this.#wake();
        resolve();
      });
    });
  }

  async send(message: unknown): Promise<void> {
    await this.#opened;
    if (this.#end !== undefined) throw this.#end.error ?? new StreamError(1000, "the stream is closed");
    this.socket.send(JSON.stringify(message));
  }

  /** The next message, once there is one; none once the stream has ended. */
  async next(): Promise<IteratorResult<unknown, undefined>> {
    while (this.#received.length === 0) {
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return { done: false, value: this.#received.shift() };
  }

  close(): void {
    this.socket.close(1000);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/**
 * A stream in both directions.
 */
export class StreamInOut<Request, Response> {
  readonly #json: JsonSocket;

  constructor(socket: WebSocket) {
    this.#json = new JsonSocket(socket);
  }

  /** The socket. */
  get socket(): WebSocket {
    return this.#json.socket;
  }

  /**
   * Sends a message, once the stream is open.
   */
  async send(message: Request): Promise<void> {
    await this.#json.send(message);
  }

  /**
   * The next message; undefined once the stream has ended. Throws a StreamError where it ended badly.
   */
  async next(): Promise<Response | undefined> {
    return (await this.#json.next()).value as Response | undefined;
  }

  /**
   * The messages until the stream ends; leaving the loop closes it.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Response, void> {
    yield* messagesOf(this.#json) as AsyncGenerator<Response, void>;
  }

  /** Ends the stream. */
  close(): void {
    this.#json.close();
  }
}

/**
 * A stream of messages from the application.
 */
export class StreamIn<Response> {
  readonly #json: JsonSocket;

  constructor(socket: WebSocket) {
    this.#json = new JsonSocket(socket);
  }

  /** The socket. */
  get socket(): WebSocket {
    return this.#json.socket;
  }

  /**
   * The next message; undefined once the stream has ended. Throws a StreamError where it ended badly.
   */
  async next(): Promise<Response | undefined> {
    return (await this.#json.next()).value as Response | undefined;
  }

  /**
   * The messages until the stream ends; leaving the loop closes it.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Response, void> {
    yield* messagesOf(this.#json) as AsyncGenerator<Response, void>;
  }

  /** Ends the stream. */
  close(): void {
    this.#json.close();
  }
}

/**
 * A stream of messages to the application, which answers when it has had them.
 */
export class StreamOut<Request, Response> {
  readonly #json: JsonSocket;

  constructor(socket: WebSocket) {
    this.#json = new JsonSocket(socket);
  }

  /** The socket. */
  get socket(): WebSocket {
    return this.#json.socket;
  }

  /**
   * Sends a message, once the stream is open.
   */
  async send(message: Request): Promise<void> {
    await this.#json.send(message);
  }

  /**
   * The application's answer, once it gives one. Throws a StreamError where the stream ends without.
   */
  async response(): Promise<Response> {
    const { done, value } = await this.#json.next();
    if (done === true) throw new StreamError(1000, "the stream ended without an answer");
    return value as Response;
  }

  /** Ends the stream. */
  close(): void {
    this.#json.close();
  }
}

async function* messagesOf(json: JsonSocket): AsyncGenerator<unknown, void> {
  try {
    for (let next = await json.next(); next.done !== true; next = await json.next()) yield next.value;
  } finally {
    json.close();
  }
}
