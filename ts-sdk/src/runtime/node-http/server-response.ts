import { Buffer } from "./buffer.js";
import { Writable } from "readable-stream";
import { bytesOf, type ExchangePort, type ResponseHead } from "./exchange-port.js";
import type { IncomingMessage } from "./incoming-message.js";
import { NodeError } from "./node-error.js";
import { type HeaderValue, OutgoingHeaders } from "./outgoing-headers.js";

type Callback = (error?: Error | null) => void;
type HeadersArgument = Readonly<Record<string, HeaderValue>> | readonly string[];

const noContent = new Set([204, 205, 304]);

/** The answer, as Node's `http` has it: head first, then a stream of bytes; what fits into one piece crosses to the host in one. */
export class ServerResponse extends Writable {
  statusCode = 200;
  statusMessage = "";
  headersSent = false;
  sendDate = true;
  strictContentLength = false;
  readonly req: IncomingMessage;
  readonly #port: ExchangePort;
  readonly #headers = new OutgoingHeaders();
  /** All that the body will ever be, given to `end` before anything was sent; undefined where it goes out in pieces. */
  #whole: Uint8Array | undefined;

  constructor(port: ExchangePort, request: IncomingMessage) {
    super({ highWaterMark: 65_536, decodeStrings: false });
    this.#port = port;
    this.req = request;
  }

  get socket(): IncomingMessage["socket"] {
    return this.req.socket;
  }

  get connection(): IncomingMessage["socket"] {
    return this.req.socket;
  }

  get finished(): boolean {
    return this.writableEnded;
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#mustBeOpen("set");
    this.#headers.set(name, value);
    return this;
  }

  setHeaders(headers: Iterable<readonly [string, HeaderValue]>): this {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }

  appendHeader(name: string, value: string | readonly string[]): this {
    this.#mustBeOpen("append");
    this.#headers.append(name, value);
    return this;
  }

  removeHeader(name: string): void {
    this.#mustBeOpen("remove");
    this.#headers.remove(name);
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name);
  }

  getHeaderNames(): string[] {
    return this.#headers.names();
  }

  getRawHeaderNames(): string[] {
    return this.#headers.rawNames();
  }

  getHeaders(): Record<string, HeaderValue> {
    return this.#headers.all();
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name);
  }

  /** Fixes status and headers; they leave with the body's first piece. */
  writeHead(status: number, message?: string | HeadersArgument, headers?: HeadersArgument): this {
    this.#mustBeOpen("write");
    if (!Number.isInteger(status) || status < 100 || status > 999) {
      throw new NodeError("RangeError", "ERR_HTTP_INVALID_STATUS_CODE", `Invalid status code: ${String(status)}`);
    }
    this.statusCode = status;
    if (typeof message === "string") this.statusMessage = message;
    const given = typeof message === "object" ? message : headers;
    if (Array.isArray(given)) {
      for (let i = 0; i + 1 < given.length; i += 2) this.#headers.append(String(given[i]), String(given[i + 1]));
    } else if (given !== undefined) {
      for (const [name, value] of Object.entries(given)) this.#headers.set(name, value);
    }
    return this;
  }

  /** Sends the head at once. */
  flushHeaders(): void {
    if (!this.headersSent) void this.#port.write(this.#takeHead(), new Uint8Array(0)).catch(() => undefined);
  }

  writeContinue(): void {
    // The server says so by itself, as soon as the body is read.
  }

  addTrailers(): void {
    throw new NodeError("Error", "ERR_METHOD_NOT_IMPLEMENTED", "trailers aren't supported");
  }

  setTimeout(_milliseconds: number, _callback?: () => void): this {
    return this;
  }

  override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    const isWhole =
      !this.headersSent && !this.writableEnded && typeof chunk !== "function" && chunk !== undefined && chunk !== null;
    if (isWhole) {
      this.#whole = textOrBytes(chunk, encoding);
      return super.end(undefined, undefined, typeof encoding === "function" ? encoding : callback);
    }
    return super.end(chunk, encoding, callback);
  }

  /** Called by the stream with one piece at a time. */
  _write(chunk: unknown, encoding: unknown, callback: Callback): void {
    const bytes = textOrBytes(chunk, encoding);
    const head = this.#takeHead();
    const sent = noContent.has(this.statusCode) ? new Uint8Array(0) : bytes;
    this.#port.write(head, sent).then(() => {
      callback();
    }, callback);
  }

  /** Called by the stream after the last piece. */
  _final(callback: Callback): void {
    const whole = noContent.has(this.statusCode) ? undefined : this.#whole;
    if (!this.headersSent && !this.hasHeader("content-length") && !this.hasHeader("transfer-encoding")) {
      // All of it is here; without a body too, unless its status has none.
      if (!noContent.has(this.statusCode)) this.#headers.set("content-length", whole?.length ?? 0);
    }
    this.#port.end(this.#takeHead(), whole).then(() => {
      callback();
    }, callback);
  }

  #takeHead(): ResponseHead | null {
    if (this.headersSent) return null;
    this.headersSent = true;
    return [this.statusCode, this.statusMessage, this.#headers.lines()];
  }

  #mustBeOpen(verb: string): void {
    if (!this.headersSent) return;
    throw new NodeError("Error", "ERR_HTTP_HEADERS_SENT", `Cannot ${verb} headers after they are sent to the client`);
  }
}

function textOrBytes(chunk: unknown, encoding: unknown): Uint8Array {
  const isText = typeof chunk === "string" && typeof encoding === "string" && !/^(utf-?8|buffer)$/i.test(encoding);
  return isText ? Buffer.from(chunk, encoding) : bytesOf(chunk);
}
