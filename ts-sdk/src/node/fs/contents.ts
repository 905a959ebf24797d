import { coded } from "./requests.js";

interface NodeBuffer extends Uint8Array {
  toString(encoding?: string): string;
}

interface BufferConstructor {
  from(data: string, encoding: string): NodeBuffer;
  from(data: ArrayBufferLike, offset: number, length: number): NodeBuffer;
  isEncoding(name: string): boolean;
}

const buffers = (): BufferConstructor => (globalThis as unknown as { Buffer: BufferConstructor }).Buffer;

/** What a file's contents are given as: text of an encoding, or a Buffer. */
export function contentsAs(bytes: unknown, encoding: string | undefined): string | Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes as Uint8Array;
  const contents = buffers().from(buffer, byteOffset, byteLength);
  return encoding === undefined || encoding === "buffer" ? contents : contents.toString(encoding);
}

/** What is written for the data that an application gives. */
export function bytesOf(data: unknown, encoding = "utf8"): Uint8Array {
  if (typeof data === "string") return buffers().from(data, encoding);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw coded(
    TypeError,
    "ERR_INVALID_ARG_TYPE",
    'The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.',
  );
}

/** The encoding of options that are one, or have one. */
export function encodingOf(options: unknown): string | undefined {
  const encoding = typeof options === "string" ? options : (options as { encoding?: string | null } | null)?.encoding;
  if (encoding === undefined || encoding === null) return undefined;
  if (encoding !== "buffer" && !buffers().isEncoding(encoding)) {
    throw coded(
      TypeError,
      "ERR_INVALID_ARG_VALUE",
      `The argument 'encoding' is invalid encoding. Received '${encoding}'`,
    );
  }
  return encoding;
}
