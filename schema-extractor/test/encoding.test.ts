import { deepEqual, equal } from "node:assert/strict";
import { suite, test } from "node:test";
import { toBase64 } from "../src/isolate/base64.ts";
import { decodeUtf8, encodeUtf8 } from "../src/isolate/utf8.ts";

suite("UTF-8", () => {
  test("texts of every length of sequence, lone surrogates: the bytes of TextEncoder", () => {
    for (const text of ["", "plain", "é", "€", "𝒳", "a\u0000b", "\ud800", "\udc00x", "x\ud83d", "mixed é€𝒳 end"]) {
      deepEqual([...encodeUtf8(text)], [...new TextEncoder().encode(text)], JSON.stringify(text));
    }
  });

  test("every pair and many triples of bytes: the text of TextDecoder", () => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        const third = (first * 31 + second * 17) & 0xff;
        for (const bytes of [Uint8Array.of(first, second), Uint8Array.of(first, second, third, third ^ 0x80)]) {
          equal(decodeUtf8(bytes), decoder.decode(bytes), String(bytes));
        }
      }
    }
  });
});

suite("base64", () => {
  test("every length around a group, all bytes: what Buffer writes", () => {
    for (let length = 0; length < 260; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
      equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
    }
  });
});
