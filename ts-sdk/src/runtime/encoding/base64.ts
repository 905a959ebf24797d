import { DOMException } from "../events/dom-exception.js";
import { requireArguments } from "../web-idl.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;

/** https://html.spec.whatwg.org/#dom-btoa */
export function btoa(data: unknown): string {
  requireArguments(arguments.length, 1, "btoa");
  const text = String(data);
  let result = "";
  for (let i = 0; i < text.length; i += 3) {
    const left = text.length - i;
    const a = text.charCodeAt(i);
    const b = left > 1 ? text.charCodeAt(i + 1) : 0;
    const c = left > 2 ? text.charCodeAt(i + 2) : 0;
    if ((a | b | c) > 0xff) throw new DOMException("Invalid character", "InvalidCharacterError");
    const bits = (a << 16) | (b << 8) | c;
    result +=
      alphabet.charAt(bits >> 18) +
      alphabet.charAt((bits >> 12) & 63) +
      (left > 1 ? alphabet.charAt((bits >> 6) & 63) : "=") +
      (left > 2 ? alphabet.charAt(bits & 63) : "=");
  }
  return result;
}

/** https://html.spec.whatwg.org/#dom-atob */
export function atob(data: unknown): string {
  requireArguments(arguments.length, 1, "atob");
  const result = forgivingDecode(String(data));
  if (result === null)
    throw new DOMException("The string to be decoded is not correctly encoded.", "InvalidCharacterError");
  return result;
}

/** https://infra.spec.whatwg.org/#forgiving-base64-decode: a string of bytes, or null where the text isn't base64. */
export function forgivingDecode(data: string): string | null {
  let text = data.replace(/[\t\n\f\r ]+/g, "");
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, "");
  if (text.length % 4 === 1) return null;
  const parts: string[] = [];
  let bits = 0;
  let count = 0;
  let chunk = "";
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    chunk += String.fromCharCode((bits >> count) & 0xff);
    if (chunk.length >= 4096) {
      parts.push(chunk);
      chunk = "";
    }
  }
  return parts.join("") + chunk;
}
