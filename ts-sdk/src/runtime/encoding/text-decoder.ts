import { host } from "../isolate-host.js";
import { defineInterface } from "../web-idl.js";
import { incompleteTail } from "./incomplete-tail.js";
import { type EncodingName, findEncoding } from "./labels.js";

const noBytes = new Uint8Array(0);
// Below this length a loop is cheaper than a call into the host.
const shortText = 48;
// What windows-1252 has in place of the control characters U+0080 to U+009F.
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** https://encoding.spec.whatwg.org/#interface-textdecoder */
export class TextDecoder {
  readonly #encoding: EncodingName;
  readonly #fatal: boolean;
  readonly #ignoreBOM: boolean;
  #pending = noBytes;
  #streaming = false;
  #bomSeen = false;

  constructor(label: unknown = "utf-8", options?: { fatal?: boolean; ignoreBOM?: boolean }) {
    const encoding = findEncoding(String(label));
    if (encoding === undefined) {
      throw Object.assign(new RangeError(`The "${String(label)}" encoding is not supported`), {
        code: "ERR_ENCODING_NOT_SUPPORTED",
      });
    }
    this.#encoding = encoding;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding(): string {
    return this.#encoding;
  }

  get fatal(): boolean {
    return this.#fatal;
  }

  get ignoreBOM(): boolean {
    return this.#ignoreBOM;
  }

  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string {
    const stream = Boolean(options?.stream);
    if (!this.#streaming) {
      this.#pending = noBytes;
      this.#bomSeen = false;
    }
    this.#streaming = stream;
    let bytes = join(this.#pending, input === undefined ? noBytes : viewBytes(input));
    const tail = stream ? incompleteTail(bytes, this.#encoding) : 0;
    this.#pending = tail === 0 ? noBytes : bytes.slice(bytes.length - tail);
    if (tail > 0) bytes = bytes.subarray(0, bytes.length - tail);
    const text = decodeBytes(bytes, this.#encoding, this.#fatal);
    if (text === null) {
      this.#pending = noBytes;
      this.#streaming = false;
      throw Object.assign(new TypeError(`The encoded data was not valid for encoding ${this.#encoding}`), {
        code: "ERR_ENCODING_INVALID_ENCODED_DATA",
      });
    }
    if (text === "" || this.#bomSeen) return text;
    this.#bomSeen = true;
    return !this.#ignoreBOM && text.charCodeAt(0) === 0xfeff && this.#encoding !== "windows-1252"
      ? text.slice(1)
      : text;
  }
}

defineInterface("TextDecoder", TextDecoder);

/** UTF-8 decode of the encoding standard: replaces what is invalid, drops a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = decodeBytes(bytes, "utf-8", false) ?? "";
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** UTF-8 decode without BOM of the encoding standard: the mark stays. */
export function decodeUtf8WithoutBOM(bytes: Uint8Array): string {
  return decodeBytes(bytes, "utf-8", false) ?? "";
}

function decodeBytes(bytes: Uint8Array, encoding: EncodingName, fatal: boolean): string | null {
  if (bytes.length <= shortText && !encoding.startsWith("utf-16") && bytes.every((byte) => byte < 0x80)) {
    return String.fromCharCode(...bytes);
  }
  if (encoding !== "windows-1252") return host.decodeText(bytes, encoding, fatal);
  const latin1 = host.decodeText(bytes, "iso-8859-1", false) ?? "";
  return latin1.replace(/[\u0080-\u009f]/g, (control) => windows1252.charAt(control.charCodeAt(0) - 0x80));
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The bytes that a buffer or view shows; throws for anything else. */
export function viewBytes(source: unknown): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (
    source instanceof ArrayBuffer ||
    (typeof SharedArrayBuffer === "function" && source instanceof SharedArrayBuffer)
  ) {
    return new Uint8Array(source);
  }
  throw Object.assign(new TypeError("The value is not an instance of ArrayBuffer or ArrayBufferView."), {
    code: "ERR_INVALID_ARG_TYPE",
  });
}
