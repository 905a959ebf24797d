import { isolateRuntime, type Operation, type OperationResult } from "../../internal/registry.js";
import type { AbortSignal } from "../events/abort-signal.js";
import type { BodySource, ChunkReader } from "./body-source.js";
import {
  type BodyChunk,
  type ExchangeRequest,
  type ExchangeResponse,
  fetchCancelKind,
  fetchKind,
  fetchReadKind,
  type HeaderField,
} from "./protocol.js";

/** A response's head, and its body as far as it has not been read. */
export interface Exchanged {
  status: number;
  statusText: string;
  headers: HeaderField[];
  body: BodySource;
}

/** Makes one HTTP exchange; follows no redirects. */
export async function exchange(
  request: ExchangeRequest,
  body: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<Exchanged> {
  const { value, bytes } = await abortable(start(fetchKind, request, body), signal);
  const { id, status, statusText, headers, end } = value as ExchangeResponse;
  const source: BodySource = end
    ? { kind: "bytes", bytes: bytes ?? new Uint8Array(0) }
    : { kind: "chunks", reader: new ResponseReader(id, bytes, signal) };
  return { status, statusText, headers, body: source };
}

function start(kind: string, payload: unknown, bytes?: Uint8Array): Operation {
  const runtime = isolateRuntime();
  if (runtime === undefined) throw new TypeError("fetch needs a host");
  return runtime.startOperation(kind, payload, bytes);
}

/** Waits for an operation, unless the signal is aborted first: then the operation is cancelled, and the reason thrown. */
async function abortable(operation: Operation, signal: AbortSignal): Promise<OperationResult> {
  let cancel: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    cancel = () => {
      operation.cancel();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is whatever the application aborted with
      reject(signal.reason);
    };
    signal.addEventListener("abort", cancel, { once: true });
  });
  try {
    return await Promise.race([operation.promise, aborted]);
  } finally {
    if (cancel !== undefined) signal.removeEventListener("abort", cancel);
    // Whoever loses the race is heard by nobody.
    operation.promise.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}

// A response whose body nobody reads must not hold its connection for ever.
const abandoned = new FinalizationRegistry<number>(cancelBody);

/** Reads a body from the host, piece by piece. */
class ResponseReader implements ChunkReader {
  readonly #id: number;
  readonly #signal: AbortSignal;
  #first: Uint8Array | null;
  #ended = false;

  constructor(id: number, first: Uint8Array | null, signal: AbortSignal) {
    this.#id = id;
    this.#first = first;
    this.#signal = signal;
    abandoned.register(this, id, this);
    signal.addEventListener("abort", () => {
      this.cancel();
    });
  }

  async read(): Promise<Uint8Array | null> {
    this.#signal.throwIfAborted();
    const first = this.#first;
    this.#first = null;
    if (first !== null && first.length > 0) return first;
    if (this.#ended) return null;
    try {
      const { value, bytes } = await abortable(start(fetchReadKind, { id: this.#id }), this.#signal);
      if ((value as BodyChunk).end) this.#end();
      return bytes === null && this.#ended ? null : (bytes ?? new Uint8Array(0));
    } catch (error) {
      this.#end();
      if (this.#signal.aborted) throw error;
      throw new TypeError("terminated", { cause: error });
    }
  }

  cancel(): void {
    if (this.#ended) return;
    this.#end();
    cancelBody(this.#id);
  }

  #end(): void {
    this.#ended = true;
    abandoned.unregister(this);
  }
}

function cancelBody(id: number): void {
  start(fetchCancelKind, { id }).promise.catch(() => undefined);
}
