import { viewBytes } from "../encoding/text-decoder.js";
import { encodeUtf8 } from "../encoding/text-encoder.js";
import { streams, urls } from "../lazy-modules.js";
import { toUSVString } from "../web-idl.js";

/** A body that arrives piece by piece; null is its end. */
export interface ChunkReader {
  read(): Promise<Uint8Array | null>;
  cancel(reason?: unknown): void;
}

/** Where a body comes from: bytes that are there, pieces still to come, or a stream that the application made or asked for. */
export type BodySource =
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "chunks"; reader: ChunkReader }
  | { kind: "stream"; stream: ReadableStream<Uint8Array> };

/** https://fetch.spec.whatwg.org/#concept-bodyinit-extract: the source, and the content type it implies. */
export function extractBody(value: unknown): { source: BodySource; type: string | null } {
  if (isReadableStream(value)) {
    if (value.locked) throw new TypeError("Response body object should not be disturbed or locked");
    return { source: { kind: "stream", stream: value }, type: null };
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return { source: { kind: "bytes", bytes: viewBytes(value).slice() }, type: null };
  }
  if (isURLSearchParams(value)) {
    return { source: textSource(String(value)), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  if (isAsyncIterable(value)) {
    return { source: { kind: "chunks", reader: iteratorReader(value[Symbol.asyncIterator]()) }, type: null };
  }
  return { source: textSource(toUSVString(value)), type: "text/plain;charset=UTF-8" };
}

function textSource(text: string): BodySource {
  return { kind: "bytes", bytes: encodeUtf8(text) };
}

/** Recognises streams by what they can do: those of another copy of the polyfill are as good. */
export function isReadableStream(value: unknown): value is ReadableStream<Uint8Array> {
  return (
    typeof value === "object" && value !== null && typeof (value as { getReader?: unknown }).getReader === "function"
  );
}

function isURLSearchParams(value: unknown): value is URLSearchParams {
  // The tag first: it spares evaluating the URL module for every body.
  return (
    Object.prototype.toString.call(value) === "[object URLSearchParams]" && value instanceof urls().URLSearchParams
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === "function"
  );
}

function iteratorReader(iterator: AsyncIterator<unknown>): ChunkReader {
  return {
    async read() {
      const step: IteratorResult<unknown, unknown> = await iterator.next();
      return step.done === true ? null : chunkBytes(step.value);
    },
    cancel: () => void iterator.return?.(),
  };
}

/** A stream's reader as a {@link ChunkReader}. */
export function streamReader(stream: ReadableStream<Uint8Array>): ChunkReader {
  const reader = stream.getReader();
  return {
    async read() {
      const { done, value } = await reader.read();
      return done ? null : chunkBytes(value);
    },
    cancel: (reason) => void reader.cancel(reason).catch(() => undefined),
  };
}

function chunkBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return encodeUtf8(chunk);
  throw new TypeError("Received non-Uint8Array chunk");
}

/** The source as a stream, for the application to read. */
export function sourceStream(source: BodySource): ReadableStream<Uint8Array> {
  if (source.kind === "stream") return source.stream;
  const reader = source.kind === "chunks" ? source.reader : bytesReader(source.bytes);
  const { ReadableStream } = streams();
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      let chunk = await reader.read();
      // A byte stream takes no empty pieces.
      while (chunk?.length === 0) chunk = await reader.read();
      if (chunk === null) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else controller.enqueue(chunk);
    },
    cancel: (reason) => {
      reader.cancel(reason);
    },
  }) as ReadableStream<Uint8Array>;
}

function bytesReader(bytes: Uint8Array): ChunkReader {
  let rest: Uint8Array | null = bytes;
  return {
    read() {
      // A copy: who reads a byte stream may take the buffer over.
      const chunk = rest === null || rest.length === 0 ? null : rest.slice();
      rest = null;
      return Promise.resolve(chunk);
    },
    cancel() {
      rest = null;
    },
  };
}

/** All of a source's bytes. */
export async function readAll(source: BodySource): Promise<Uint8Array> {
  if (source.kind === "bytes") return source.bytes;
  const reader = source.kind === "chunks" ? source.reader : streamReader(source.stream);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await reader.read(); chunk !== null; chunk = await reader.read()) {
    chunks.push(chunk);
    length += chunk.length;
  }
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
