/** Turns strings into UTF-8. */
interface TextEncoder {
  readonly encoding: string;
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): TextEncoderEncodeIntoResult;
}

interface TextEncoderEncodeIntoResult {
  /** UTF-16 units taken. */
  read: number;
  /** Bytes written. */
  written: number;
}

declare var TextEncoder: { prototype: TextEncoder; new (): TextEncoder };

interface TextDecoderOptions {
  /** Throw on invalid input instead of replacing it. */
  fatal?: boolean;
  /** Keep a byte order mark. */
  ignoreBOM?: boolean;
}

interface TextDecodeOptions {
  /** More input follows: an incomplete character at the end is kept for the next call. */
  stream?: boolean;
}

/** Turns bytes into strings: UTF-8, UTF-16 or windows-1252, under any of their labels. */
interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: ArrayBuffer | ArrayBufferView | null, options?: TextDecodeOptions): string;
}

declare var TextDecoder: { prototype: TextDecoder; new (label?: string, options?: TextDecoderOptions): TextDecoder };

/** Decodes base64 to a string with a character for each byte. */
declare function atob(data: string): string;
/** Encodes a string with a character for each byte as base64. */
declare function btoa(data: string): string;
