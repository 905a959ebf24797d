/**
 * Gives a bare isolate the two classes by which the Protobuf runtime gets at UTF-8; where they are there, they stay.
 *
 * Invariant: evaluated before the generated messages, which decode their descriptor when they are loaded.
 */
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

class Utf8Encoder {
  encode(text: string): Uint8Array<ArrayBuffer> {
    return encodeUtf8(text);
  }
}

class Utf8Decoder {
  decode(bytes: Uint8Array): string {
    return decodeUtf8(bytes);
  }
}

const global: { TextEncoder?: unknown; TextDecoder?: unknown } = globalThis;
global.TextEncoder ??= Utf8Encoder;
global.TextDecoder ??= Utf8Decoder;
