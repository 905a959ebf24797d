import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

const isolate = new Isolate();
const texts = ["", "a", "ab", "abc", "\u00fb\u00ff\u00fe?>", "Grüße, 世界 😀"];
const encodings = ["utf8", "hex", "base64", "base64url", "BASE64URL", "latin1", "ascii", "utf16le"] as const;

suite("Buffer", () => {
  for (const encoding of encodings) {
    test(`${encoding}: reads and writes what Node's does`, () => {
      for (const text of texts) {
        const written = Buffer.from(text).toString(encoding as BufferEncoding);
        const both = isolate.eval(`(() => {
          const written = Buffer.from(${JSON.stringify(text)}).toString("${encoding}");
          return JSON.stringify([written, [...Buffer.from(written, "${encoding}")]]);
        })()`) as string;
        assert.deepEqual(JSON.parse(both), [written, [...Buffer.from(written, encoding as BufferEncoding)]], text);
      }
    });
  }

  test("base64url: known by name, counted and written like base64", () => {
    const script = `JSON.stringify([
      Buffer.isEncoding("base64url"), Buffer.byteLength("-_8", "base64url"), Buffer.alloc(2).write("-_8", "base64url"),
      Buffer.from("base64url").toString(), Buffer.alloc(9, "base64url").toString(), Buffer.from([251, 255, 1]).toString("base64url", 0, 2)])`;
    assert.deepEqual(JSON.parse(isolate.eval(script) as string), [true, 2, 2, "base64url", "base64url", "-_8"]);
  });
});
