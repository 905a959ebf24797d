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
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const { extra, lowest, highest } = sequence(first);
    let code = extra === 0 ? replacement : first & (0x3f >> extra);
    for (let taken = 0; taken < extra; taken++) {
      const next = bytes[at] ?? 0;
      const [from, to] = taken === 0 ? [lowest, highest] : [0x80, 0xbf];
      if (next < from || next > to) {
        // What has been read of the sequence is replaced as one; the byte that doesn't belong is looked at again.
        code = replacement;
        break;
      }
      code = (code << 6) | (next & 0x3f);
      at++;
    }
    text += String.fromCodePoint(code);
  }
  return text;
}

/** How many bytes follow a first byte, and the range of the second: it excludes overlong forms and surrogates. */
function sequence(first: number): { readonly extra: number; readonly lowest: number; readonly highest: number } {
  if (first >= 0xc2 && first <= 0xdf) return { extra: 1, lowest: 0x80, highest: 0xbf };
  if (first >= 0xe0 && first <= 0xef) {
    return { extra: 2, lowest: first === 0xe0 ? 0xa0 : 0x80, highest: first === 0xed ? 0x9f : 0xbf };
  }
  if (first >= 0xf0 && first <= 0xf4) {
    return { extra: 3, lowest: first === 0xf0 ? 0x90 : 0x80, highest: first === 0xf4 ? 0x8f : 0xbf };
  }
  return { extra: 0, lowest: 0, highest: 0 };
}
