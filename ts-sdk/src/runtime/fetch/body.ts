import { decodeUtf8 } from "../encoding/text-decoder.js";
import { type BodySource, readAll, sourceStream } from "./body-source.js";

/** A message's body: read once, as a whole or as a stream. */
export class BodyState {
  #source: BodySource;
  #used = false;

  constructor(source: BodySource) {
    this.#source = source;
  }

  get used(): boolean {
    return this.#used || (this.#source.kind === "stream" && isDisturbed(this.#source.stream));
  }

  get locked(): boolean {
    return this.#source.kind === "stream" && this.#source.stream.locked;
  }

  /** The body as a stream; made when first asked for, and read through from then on. */
  get stream(): ReadableStream<Uint8Array> {
    if (this.#source.kind !== "stream") {
      const stream = sourceStream(this.#source);
      this.#source = { kind: "stream", stream };
      // Read already: the stream says so by being locked.
      if (this.#used) stream.getReader();
    }
    return this.#source.stream;
  }

  /** Gives the source to its one reader. */
  take(): BodySource {
    if (this.used || this.locked) throw new TypeError("Body is unusable: Body has already been read");
    this.#used = true;
    return this.#source;
  }

  /** Splits the body in two of the same content. */
  clone(): BodyState {
    if (this.used || this.locked) throw new TypeError("Response.clone: Body has already been consumed.");
    if (this.#source.kind === "bytes") return new BodyState(this.#source);
    const [first, second] = this.stream.tee();
    this.#source = { kind: "stream", stream: first };
    return new BodyState({ kind: "stream", stream: second });
  }
}

function isDisturbed(stream: ReadableStream<Uint8Array>): boolean {
  // Disturbed is a fact of the standard that no public member tells; the polyfill keeps it in this field.
  return (stream as { _disturbed?: boolean })._disturbed === true;
}

/** https://fetch.spec.whatwg.org/#body-mixin */
export abstract class Body {
  /** @internal */
  protected abstract bodyState(): BodyState | null;

  get body(): ReadableStream<Uint8Array> | null {
    return this.bodyState()?.stream ?? null;
  }

  get bodyUsed(): boolean {
    return this.bodyState()?.used ?? false;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.bytes();
    return bytes.buffer as ArrayBuffer;
  }

  async bytes(): Promise<Uint8Array> {
    const bytes = await this.#read();
    // A copy of its own: clones of a message share their bytes.
    return bytes.slice();
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  async text(): Promise<string> {
    return decodeUtf8(await this.#read());
  }

  async #read(): Promise<Uint8Array> {
    const state = this.bodyState();
    return state === null ? new Uint8Array(0) : readAll(state.take());
  }
}
