/**
 * UTF-8 without TextEncoder, which a bare isolate doesn't have.
 *
 * Follows WHATWG's Encoding: lone surrogates and malformed bytes become U+FFFD.
 */

const replacement = 0xfffd;

/** The UTF-8 bytes of a text. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    let code = character.codePointAt(0) ?? replacement;
    if (code >= 0xd800 && code <= 0xdfff) code = replacement;
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/** The text of UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at++] ?? 0;
    const [extra, smallest] = first < 0x80 ? [0, 0] : sequence(first);
    let code = extra === 0 ? first : first & (0x3f >> extra);
    let taken = 0;
    while (taken < extra && ((bytes[at + taken] ?? 0) & 0xc0) === 0x80) {
      code = (code << 6) | ((bytes[at + taken] ?? 0) & 0x3f);
      taken++;
    }
    const whole = taken === extra && code >= smallest && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    if (first >= 0x80 && (extra === 0 || !whole)) {
      code = replacement;
    } else {
      at += taken;
    }
    text += String.fromCodePoint(code);
  }
  return text;
}

/** How many bytes follow a first byte, and the smallest code point they may stand for. */
function sequence(first: number): readonly [extra: number, smallest: number] {
  if (first >= 0xc2 && first <= 0xdf) return [1, 0x80];
  if (first >= 0xe0 && first <= 0xef) return [2, 0x800];
  if (first >= 0xf0 && first <= 0xf4) return [3, 0x10000];
  return [0, 0];
}
