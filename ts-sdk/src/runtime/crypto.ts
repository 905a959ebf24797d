import { DOMException } from "./events/dom-exception.js";
import { host } from "./isolate-host.js";
import { defineInterface, requireArguments } from "./web-idl.js";

const maxBytes = 65_536;
// Random bytes are fetched for many UUIDs at once: the call into the host costs more than the bytes.
const poolBytes = 4096;
const uuidBytes = 16;

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
let pool = new Uint8Array(0);
let used = 0;

/** https://w3c.github.io/webcrypto/#Crypto-interface, without `subtle`. */
export class Crypto {
  getRandomValues<T extends ArrayBufferView>(array: T): T {
    requireArguments(arguments.length, 1, "Failed to execute 'getRandomValues' on 'Crypto'");
    if (
      !ArrayBuffer.isView(array) ||
      array instanceof DataView ||
      array instanceof Float32Array ||
      array instanceof Float64Array
    ) {
      throw new DOMException("The data argument must be an integer-type TypedArray", "TypeMismatchError");
    }
    if (array.byteLength > maxBytes) {
      throw new DOMException(`The requested length exceeds ${String(maxBytes)} bytes`, "QuotaExceededError");
    }
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(host.random(array.byteLength));
    return array;
  }

  randomUUID(): string {
    if (used + uuidBytes > pool.length) {
      pool = new Uint8Array(host.random(poolBytes));
      used = 0;
    }
    const bytes = pool.subarray(used, used + uuidBytes);
    used += uuidBytes;
    // RFC 9562, 5.4: version 4, variant 10.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    let text = "";
    for (let i = 0; i < uuidBytes; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
      text += hex[bytes[i] ?? 0] ?? "";
    }
    // What was handed out is not kept.
    bytes.fill(0);
    return text;
  }
}

defineInterface("Crypto", Crypto);
