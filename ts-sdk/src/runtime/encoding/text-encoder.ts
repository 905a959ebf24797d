import { host } from "../isolate-host.js";
import { defineInterface, requireArguments } from "../web-idl.js";

// Below this length a loop is cheaper than a call into the host.
const shortText = 48;

/** UTF-8 bytes of a string; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  if (text.length > shortText) return host.encodeUtf8(text);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return host.encodeUtf8(text);
    bytes[i] = unit;
  }
  return bytes;
}

/** https://encoding.spec.whatwg.org/#interface-textencoder */
export class TextEncoder {
  get encoding(): string {
    return "utf-8";
  }

  encode(input: unknown = ""): Uint8Array {
    return encodeUtf8(String(input));
  }

  encodeInto(source: unknown, destination: Uint8Array): { read: number; written: number } {
    requireArguments(arguments.length, 2, "Failed to execute 'encodeInto' on 'TextEncoder'");
    if (!(destination instanceof Uint8Array)) {
      throw new TypeError("Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'.");
    }
    const text = String(source);
    let read = 0;
    let written = 0;
    while (read < text.length) {
      let point = text.codePointAt(read) ?? 0;
      const units = point > 0xffff ? 2 : 1;
      if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
      const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (written + length > destination.length) break;
      writePoint(destination, written, point, length);
      read += units;
      written += length;
    }
    return { read, written };
  }
}

function writePoint(bytes: Uint8Array, at: number, point: number, length: number): void {
  if (length === 1) {
    bytes[at] = point;
    return;
  }
  for (let i = length - 1; i > 0; i--) {
    bytes[at + i] = 0x80 | (point & 0x3f);
    point >>= 6;
  }
  // The lead byte has as many ones as the character has bytes, then a zero, then the highest bits.
  bytes[at] = ((0xf00 >> length) & 0xff) | point;
}

defineInterface("TextEncoder", TextEncoder);
