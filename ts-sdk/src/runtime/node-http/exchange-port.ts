import { host } from "../isolate-host.js";
import { isolateRuntime, type OperationResult } from "../../internal/registry.js";

/** A head as it crosses: status, its message or "", and header lines. */
export type ResponseHead = readonly [status: number, message: string, headers: readonly (readonly [string, string])[]];

/** The host's end of one request and its response; `RawExchange` is its side. */
export class ExchangePort {
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  /** Receives a piece of the request's body; null after the last one. */
  async read(): Promise<Uint8Array | null> {
    const { value, bytes } = await this.#ask("raw.read", [this.#id]);
    return (value as { end: boolean }).end ? null : (bytes ?? new Uint8Array(0));
  }

  /** Sends a piece of the response's body; done when there is room for more. @param head where it isn't sent yet */
  async write(head: ResponseHead | null, bytes: Uint8Array): Promise<void> {
    await this.#ask("raw.write", [this.#id, head], bytes);
  }

  /** Sends the rest of the response. */
  async end(head: ResponseHead | null, bytes: Uint8Array | undefined): Promise<void> {
    await this.#ask("raw.end", [this.#id, head], bytes);
  }

  #ask(kind: string, payload: unknown, bytes?: Uint8Array): Promise<OperationResult> {
    const runtime = isolateRuntime();
    if (runtime === undefined) throw new Error("a request needs a host");
    return runtime.startOperation(kind, payload, bytes).promise;
  }
}

/** UTF-8 bytes of a text, or the bytes of what holds some. @throws {TypeError} for anything else, as Node does */
export function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === "string") return host.encodeUtf8(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError(
    `The "chunk" argument must be of type string or an instance of Buffer or Uint8Array. Received ${typeof chunk}`,
  );
}
