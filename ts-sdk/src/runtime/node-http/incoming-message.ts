import { Buffer } from "./buffer.js";
import { Readable } from "readable-stream";
import type { RequestDescription } from "../../internal/call-context.js";
import type { ExchangePort } from "./exchange-port.js";

/** Headers that Node takes the first line of, where others are joined by commas. */
const once = new Set(
  [
    ["age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host", "if-modified-since"],
    ["if-unmodified-since", "last-modified", "location", "max-forwards", "proxy-authorization", "referer"],
    ["retry-after", "server", "user-agent"],
  ].flat(),
);

/** What stands for the connection. */
export interface SocketLike {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly encrypted: boolean;
}

/** The client's request, as Node's `http` shows it: its body is a stream of Buffers. */
export class IncomingMessage extends Readable {
  readonly httpVersion: string;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly method: string;
  url: string;
  readonly headers: Record<string, string | string[]> = {};
  readonly headersDistinct: Record<string, string[]> = {};
  /** Names and values in turn, names in lower case. */
  readonly rawHeaders: string[] = [];
  readonly trailers: Record<string, string> = {};
  readonly rawTrailers: string[] = [];
  readonly socket: SocketLike;
  /** Whether the whole body has arrived. */
  complete = false;
  aborted = false;
  readonly #port: ExchangePort;
  #reading = false;

  constructor(port: ExchangePort, { method, pathAndQuery, headers, raw }: RequestDescription) {
    super({ highWaterMark: 65_536 });
    this.#port = port;
    this.method = method;
    this.url = pathAndQuery;
    this.httpVersion = raw?.httpVersion ?? "1.1";
    const [major = 1, minor = 1] = this.httpVersion.split(".").map(Number);
    this.httpVersionMajor = major;
    this.httpVersionMinor = minor;
    this.socket = {
      remoteAddress: raw?.remoteAddress ?? "",
      remotePort: raw?.remotePort ?? 0,
      encrypted: raw?.encrypted ?? false,
    };
    for (const [name, value] of Object.entries(headers))
      this.#addHeader(name, typeof value === "string" ? [value] : value);
  }

  /** The same as {@link socket}. */
  get connection(): SocketLike {
    return this.socket;
  }

  setTimeout(_milliseconds: number, _callback?: () => void): this {
    return this;
  }

  /** Called by the stream when there is room. */
  _read(): void {
    if (this.#reading || this.complete) return;
    this.#reading = true;
    this.#port.read().then(
      (bytes) => {
        this.#reading = false;
        this.complete ||= bytes === null;
        this.push(bytes === null ? null : Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength));
      },
      (error: unknown) => {
        this.destroy(error as Error);
      },
    );
  }

  #addHeader(name: string, lines: string[]): void {
    this.headersDistinct[name] = lines;
    for (const line of lines) this.rawHeaders.push(name, line);
    if (name === "set-cookie") this.headers[name] = lines;
    else if (once.has(name)) this.headers[name] = lines[0] ?? "";
    else this.headers[name] = lines.join(name === "cookie" ? "; " : ", ");
  }
}
