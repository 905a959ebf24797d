// Made by `encore-host gen client` of chat. Changes are lost when it is made again.
/* eslint-disable */

/** Calls chat. */
export class Client {
  #target;
  #options;
  /** Rooms in which people talk. */
  rooms;

  /**
   * A client of the application as it is served somewhere.
   * @param {string} [target]
   * @param {object} [options] fetcher, webSocket, requestInit, auth
   */
  constructor(target = Local, options = {}) {
    this.#target = target;
    this.#options = options;
    const base = new BaseClient(target, options);
    this.rooms = new RoomsServiceClient(base);
  }

  /**
   * A client with other options besides its own.
   * @param {object} options
   * @returns {Client}
   */
  with(options) {
    return new Client(this.#target, { ...this.#options, ...options });
  }
}

export default Client;

/**
 * Something said, as it is remembered.
 * @typedef {{ id: number; from: string; text: string; at: string }} rooms_Message
 */

/**
 * What comes from a page. Anything else closes its stream with code 1007; no code of ours runs.
 * @typedef {rooms_Say | rooms_Typing} rooms_FromPage
 */

/** @typedef {{ type: "say"; text: string }} rooms_Say */

/** @typedef {{ type: "typing" }} rooms_Typing */

/**
 * What goes to the pages of a room.
 * @typedef {{ type: "message"; message: rooms_Message } | { type: "people"; people: string[] } | { type: "typing"; from: string }} rooms_ToPage
 */

/** @typedef {{ name: string; people: string[] }} rooms_Listed */

/** @typedef {{ before?: number; limit?: number }} rooms_HistoryParams */

/** @typedef {{ name: string }} rooms_JoinParams */

/** The endpoints of rooms. */
class RoomsServiceClient {
  #base;

  constructor(base) {
    this.#base = base;
    this.history = this.history.bind(this);
    this.join = this.join.bind(this);
    this.list = this.list.bind(this);
  }

  /**
   * What was said in a room, the oldest first:
   *
   *     curl 'http://127.0.0.1:4000/rooms/lobby/messages?limit=10'
   * @param {string} room
   * @param {rooms_HistoryParams} [params]
   * @param {CallParameters} [options]
   * @returns {Promise<{ messages: rooms_Message[] }>}
   */
  async history(room, params = {}, options) {
    const { before, limit } = params;
    const response = await this.#base.call("GET", `/rooms/${segment(room)}/messages`, { query: { before, limit } }, options);
    return (await answerOf(response));
  }

  /**
   * Enters a room, which is made if there is none of that name, and stays in it while the stream is open.
   * @param {string} room
   * @param {rooms_JoinParams} params
   * @returns {Promise<StreamInOut<rooms_FromPage, rooms_ToPage>>}
   */
  async join(room, params) {
    const { name } = params;
    return new StreamInOut(await this.#base.open(`/rooms/${segment(room)}`, { query: { name } }));
  }

  /**
   * All rooms, and who is in them:
   *
   *     curl http://127.0.0.1:4000/rooms
   * @param {CallParameters} [options]
   * @returns {Promise<{ rooms: rooms_Listed[] }>}
   */
  async list(options) {
    const response = await this.#base.call("GET", "/rooms", {}, options);
    return (await answerOf(response));
  }
}

/** The application as it is served on the machine it is developed on. */
export const Local = "http://localhost:4000";

/**
 * An environment of the application in the cloud.
 * @param {string} name
 */
export function Environment(name) {
  return `https://${name}-chat.encr.app`;
}

/**
 * What one call has besides its parameters: `headers`, `query` and what else `fetch` takes.
 * @typedef {object} CallParameters
 */

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
};

/**
 * Whether a text is the code of an error.
 * @param {unknown} code
 */
export function isErrCode(code) {
  return Object.values(ErrCode).includes(code);
}

/** An answer that is an error. */
export class APIError extends Error {
  /** The HTTP status. */
  status;
  /** What went wrong, for programs. */
  code;
  /** What else the application says of it; null for nothing. */
  details;

  /**
   * @param {number} status
   * @param {string} code one of ErrCode
   * @param {string} message
   * @param {unknown} details
   */
  constructor(status, code, message, details = null) {
    super(message);
    this.name = "APIError";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * Whether something thrown is an answer that is an error.
 * @param {unknown} error
 * @returns {error is APIError}
 */
export function isAPIError(error) {
  return error instanceof APIError;
}

/** Sends the requests of all services. */
class BaseClient {
  #target;
  #options;

  constructor(target, options) {
    this.#target = target.replace(/\/+$/, "");
    this.#options = options;
  }

  /** Sends a request; throws an APIError for an answer that is one. */
  async call(method, path, parts = {}, options = {}) {
    const hasBody = "body" in parts;
    const init = hasBody ? { body: JSON.stringify(parts.body) } : {};
    const headers = hasBody ? { ...parts.headers, "Content-Type": "application/json" } : parts.headers ?? {};
    return this.send(method, path, { ...parts, headers }, init, options);
  }

  /** Sends a request whose body, if any, is ready. */
  async send(method, path, parts, init, options = {}) {
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
    const credentials = all.cookies === undefined ? {} : { credentials: "include" };
    const fetcher = this.#options.fetcher ?? fetch;
    const url = this.#target + path + queryText({ ...all.query, ...query });
    const response = await fetcher(url, { ...credentials, ...every, ...rest, ...init, method, headers });
    if (response.status >= 400) throw await errorOf(response);
    return response;
  }

  /** Opens a socket. */
  async open(path, parts = {}) {
    const all = withAuth(parts, await this.#auth());
    const headers = {};
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

  async #auth() {
    return await Promise.resolve(undefined);
  }
}

function withAuth(parts, auth) {
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
function textsOf(value) {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return [typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)];
}

function queryText(query) {
  const text = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([name, value]) => textsOf(value).map((text) => [name, text])),
  ).toString();
  return text === "" ? "" : `?${text}`;
}

function cookieText(cookies) {
  return Object.entries(cookies ?? {})
    .flatMap(([name, value]) => textsOf(value).map((text) => `${name}=${text}`))
    .join("; ");
}

function segment(value) {
  return encodeURIComponent(String(value));
}

/** The rest of a path, slashes included. */
function segments(value) {
  return (typeof value === "string" ? value.split("/") : value).map(segment).join("/");
}

function base64url(text) {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** A member of what an answer may be. */
function memberOf(value, name) {
  return typeof value === "object" && value !== null ? (value)[name] : undefined;
}

async function errorOf(response) {
  let body;
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

/** The answer's body, and those of its fields that travel elsewhere. */
async function answerOf(response, headers = {}, status) {
  const text = await response.text();
  const body = text === "" ? undefined : JSON.parse(text);
  if (status === undefined && Object.keys(headers).length === 0) return body;
  const answer = { ...(body) };
  for (const [field, [name, kind]] of Object.entries(headers)) {
    const value = response.headers.get(name);
    if (value !== null) answer[field] = headerValue(value, kind);
  }
  if (status !== undefined) answer[status] = response.status;
  return answer;
}

function headerValue(text, kind) {
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
  code;

  /**
   * @param {number} code
   * @param {string} reason
   */
  constructor(code, reason) {
    super(reason === "" ? `the stream ended with code ${code}` : reason);
    this.name = "StreamError";
    this.code = code;
  }
}

/** A socket whose messages are JSON. */
class JsonSocket {
  socket;
  #received = [];
  #waiting = [];
  #opened;
  #end;

  constructor(socket) {
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

  async send(message) {
    await this.#opened;
    if (this.#end !== undefined) throw this.#end.error ?? new StreamError(1000, "the stream is closed");
    this.socket.send(JSON.stringify(message));
  }

  /** The next message, once there is one; none once the stream has ended. */
  async next() {
    while (this.#received.length === 0) {
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return { done: true, value: undefined };
      await new Promise((resolve) => this.#waiting.push(resolve));
    }
    return { done: false, value: this.#received.shift() };
  }

  close() {
    this.socket.close(1000);
  }

  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/**
 * A stream in both directions.
 * @template Request, Response
 */
export class StreamInOut {
  #json;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#json = new JsonSocket(socket);
  }

  /** The socket. */
  get socket() {
    return this.#json.socket;
  }

  /**
   * Sends a message, once the stream is open.
   * @param {Request} message
   * @returns {Promise<void>}
   */
  async send(message) {
    await this.#json.send(message);
  }

  /**
   * The next message; undefined once the stream has ended. Throws a StreamError where it ended badly.
   * @returns {Promise<Response | undefined>}
   */
  async next() {
    return (await this.#json.next()).value;
  }

  /**
   * The messages until the stream ends; leaving the loop closes it.
   * @returns {AsyncGenerator<Response, void>}
   */
  async *[Symbol.asyncIterator]() {
    yield* messagesOf(this.#json);
  }

  /** Ends the stream. */
  close() {
    this.#json.close();
  }
}

/**
 * A stream of messages from the application.
 * @template Response
 */
export class StreamIn {
  #json;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#json = new JsonSocket(socket);
  }

  /** The socket. */
  get socket() {
    return this.#json.socket;
  }

  /**
   * The next message; undefined once the stream has ended. Throws a StreamError where it ended badly.
   * @returns {Promise<Response | undefined>}
   */
  async next() {
    return (await this.#json.next()).value;
  }

  /**
   * The messages until the stream ends; leaving the loop closes it.
   * @returns {AsyncGenerator<Response, void>}
   */
  async *[Symbol.asyncIterator]() {
    yield* messagesOf(this.#json);
  }

  /** Ends the stream. */
  close() {
    this.#json.close();
  }
}

/**
 * A stream of messages to the application, which answers when it has had them.
 * @template Request, Response
 */
export class StreamOut {
  #json;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#json = new JsonSocket(socket);
  }

  /** The socket. */
  get socket() {
    return this.#json.socket;
  }

  /**
   * Sends a message, once the stream is open.
   * @param {Request} message
   * @returns {Promise<void>}
   */
  async send(message) {
    await this.#json.send(message);
  }

  /**
   * The application's answer, once it gives one. Throws a StreamError where the stream ends without.
   * @returns {Promise<Response>}
   */
  async response() {
    const { done, value } = await this.#json.next();
    if (done === true) throw new StreamError(1000, "the stream ended without an answer");
    return value;
  }

  /** Ends the stream. */
  close() {
    this.#json.close();
  }
}

async function* messagesOf(json) {
  try {
    for (let next = await json.next(); next.done !== true; next = await json.next()) yield next.value;
  } finally {
    json.close();
  }
}
