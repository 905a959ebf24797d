import type { EncodingName } from "./labels.js";

/**
 * How many bytes at the end of a chunk can only be decoded together with what follows. Bytes that no continuation could make valid don't
 * count: they are errors already.
 */
export function incompleteTail(bytes: Uint8Array, encoding: EncodingName): number {
  if (encoding === "utf-8") return incompleteUtf8(bytes);
  return encoding === "windows-1252" ? 0 : incompleteUtf16(bytes, encoding === "utf-16be");
}

function incompleteUtf8(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const lead = bytes[bytes.length - length] ?? 0;
    if (lead < 0x80) return 0;
    if (lead < 0xc0) continue;
    const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return length < needed && startsCharacter(lead, bytes[bytes.length - length + 1]) ? length : 0;
  }
  return 0;
}

/** Whether a lead byte and the byte after it (undefined if it is yet to come) can start a character. */
function startsCharacter(lead: number, second: number | undefined): boolean {
  if (lead < 0xc2 || lead > 0xf4) return false;
  if (second === undefined) return true;
  // Overlong forms, surrogates and code points beyond U+10FFFF show in the second byte.
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return second >= lowest && second <= highest;
}

function incompleteUtf16(bytes: Uint8Array, bigEndian: boolean): number {
  const odd = bytes.length % 2;
  const end = bytes.length - odd;
  if (end === 0) return odd;
  const high = bytes[bigEndian ? end - 2 : end - 1] ?? 0;
  return high >= 0xd8 && high <= 0xdb ? odd + 2 : odd;
}
