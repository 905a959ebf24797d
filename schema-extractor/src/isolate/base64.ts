const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const padding = "=".charCodeAt(0);

/** As many characters as a call may take arguments. */
const chunk = 0x2000;

/** Base64 of RFC 4648, with padding. */
export function toBase64(bytes: Uint8Array): string {
  const written = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let end = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    written[end++] = codes[group >> 18] ?? 0;
    written[end++] = codes[(group >> 12) & 63] ?? 0;
    written[end++] = left > 1 ? (codes[(group >> 6) & 63] ?? 0) : padding;
    written[end++] = left > 2 ? (codes[group & 63] ?? 0) : padding;
  }
  let text = "";
  for (let at = 0; at < end; at += chunk) text += String.fromCharCode(...written.subarray(at, at + chunk));
  return text;
}
