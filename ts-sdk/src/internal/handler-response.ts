import { appendHeader, type HeadedAnswer } from "./headed-answer.js";

/** Registered, so that an answer of one copy of the SDK is known to another. */
const headSymbol = Symbol.for("encore-host.response-head");

const untouched: HeadedAnswer = { status: 0, headers: [] };

/** What the middleware of an endpoint sees of an answer, and can change: the payload, response headers and the status. */
export class HandlerResponse {
  /** What the handler returned, before anything of it is written. */
  payload: unknown;
  // Most middleware leaves both alone.
  #head: HeadedAnswer | undefined;
  #header: ResponseHeader | undefined;

  constructor(payload: unknown) {
    this.payload = payload;
  }

  /** @internal */
  get [headSymbol](): HeadedAnswer {
    return this.#head ?? untouched;
  }

  /** Response headers. */
  get header(): ResponseHeader {
    return (this.#header ??= new ResponseHeader((this.#head ??= { status: 0, headers: [] })));
  }

  /** The HTTP status; a field of type `HttpStatus` in the payload beats it. */
  set status(status: number) {
    if (!Number.isInteger(status) || status < 100 || status > 999) {
      throw new RangeError(`${String(status)} is no HTTP status: use a whole number from 100 to 999`);
    }
    (this.#head ??= { status: 0, headers: [] }).status = status;
  }
}

/** The headers of a {@link HandlerResponse}. */
export class ResponseHeader {
  readonly #head: HeadedAnswer;

  constructor(head: HeadedAnswer) {
    this.#head = head;
  }

  /** Sets a header, in place of what it held. */
  set(name: string, value: string | string[]): void {
    const key = name.toLowerCase();
    this.#head.headers = this.#head.headers.filter(([other]) => other.toLowerCase() !== key);
    this.add(name, value);
  }

  /** Adds a line to a header. */
  add(name: string, value: string | string[]): void {
    for (const line of Array.isArray(value) ? value : [value]) appendHeader(this.#head, name, line);
  }
}

/** The head of a {@link HandlerResponse}; undefined for every other value. */
export function headOf(value: unknown): HeadedAnswer | undefined {
  return typeof value === "object" && value !== null
    ? (value as { [headSymbol]?: HeadedAnswer })[headSymbol]
    : undefined;
}
