import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

const isolate = new Isolate();

function decode(bytes: readonly number[], label = "utf-8", options = {}): string {
  return isolate.eval(
    `new TextDecoder(${JSON.stringify(label)}, ${JSON.stringify(options)}).decode(new Uint8Array(${JSON.stringify(bytes)}))`,
  ) as string;
}

/** Decodes piece by piece; the last call ends the stream. */
function decodeChunks(chunks: readonly (readonly number[])[], label = "utf-8", options = {}): string {
  return isolate.eval(`(() => {
    const decoder = new TextDecoder(${JSON.stringify(label)}, ${JSON.stringify(options)});
    let text = "";
    for (const chunk of ${JSON.stringify(chunks)}) text += decoder.decode(new Uint8Array(chunk), { stream: true });
    return text + decoder.decode();
  })()`) as string;
}

suite("TextEncoder", () => {
  test("encodes every kind of character, whatever the length", () => {
    for (const text of [
      "",
      "plain",
      "é",
      "€",
      "😀",
      "\ud800",
      "x\udc00y",
      "\udc00\ud800",
      "a".repeat(100),
      `${"a".repeat(47)}é`,
      "😀".repeat(50),
    ]) {
      const bytes = isolate.run(`[...new TextEncoder().encode(${JSON.stringify(text)})]`);
      assert.deepEqual(bytes, [...new TextEncoder().encode(text)], JSON.stringify(text));
    }
    assert.deepEqual(isolate.run("[...new TextEncoder().encode(), ...new TextEncoder().encode(5)]"), [53]);
    assert.equal(isolate.eval("new TextEncoder().encoding"), "utf-8");
  });

  test("encodeInto stops before a character that doesn't fit", () => {
    for (const text of ["abc", "é€😀", "a\ud800b", "😀", ""]) {
      for (let size = 0; size < 12; size++) {
        const expected = new Uint8Array(size);
        const { read, written } = new TextEncoder().encodeInto(text, expected);
        const actual = isolate.run(`(() => {
          const bytes = new Uint8Array(${size});
          const { read, written } = new TextEncoder().encodeInto(${JSON.stringify(text)}, bytes);
          return [read, written, ...bytes];
        })()`);
        assert.deepEqual(actual, [read, written, ...expected], `${JSON.stringify(text)} into ${size}`);
      }
    }
    assert.throws(() => isolate.eval("new TextEncoder().encodeInto('a', [])"), { name: "TypeError" });
  });
});

suite("TextDecoder", () => {
  test("knows encodings by any of their labels", () => {
    const labels = {
      utf8: "utf-8",
      " UTF-8\n": "utf-8",
      utf16: undefined,
      "utf-16": "utf-16le",
      "UTF-16BE": "utf-16be",
      latin1: "windows-1252",
      ascii: "windows-1252",
    };
    for (const [label, encoding] of Object.entries(labels)) {
      const create = `new TextDecoder(${JSON.stringify(label)}).encoding`;
      if (encoding === undefined) assert.throws(() => isolate.eval(create), { name: "RangeError" });
      else assert.equal(isolate.eval(create), encoding);
    }
  });

  test("replaces what is invalid, or throws if it is fatal", () => {
    const invalid = [
      [0xff],
      [0xc0, 0x80],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0x61, 0x80, 0x62],
      [0xf0, 0x9f, 0x98],
    ];
    for (const bytes of invalid) {
      assert.equal(decode(bytes), new TextDecoder().decode(Uint8Array.from(bytes)), bytes.join());
      assert.throws(() => decode(bytes, "utf-8", { fatal: true }), { name: "TypeError" });
    }
    assert.equal(decode([0xe2, 0x82, 0xac], "utf-8", { fatal: true }), "€");
  });

  test("drops a byte order mark unless it is told not to", () => {
    const mark = [0xef, 0xbb, 0xbf];
    assert.equal(decode([...mark, 0x61]), "a");
    assert.equal(decode([...mark, ...mark, 0x61]), "\ufeffa");
    assert.equal(decode([...mark, 0x61], "utf-8", { ignoreBOM: true }), "\ufeffa");
    assert.equal(decode([0xff, 0xfe, 0x61, 0], "utf-16le"), "a");
    assert.equal(decodeChunks([[0xef], [0xbb], [0xbf, 0x61], mark]), "a\ufeff");
  });

  test("other encodings", () => {
    assert.equal(decode([0x61, 0, 0x3d, 0xd8, 0, 0xde], "utf-16le"), "a😀");
    assert.equal(decode([0x80, 0x81, 0x93, 0x9f, 0xa0, 0xff], "windows-1252"), "€\x81“Ÿ\xa0ÿ");
    assert.equal(decode([0xe9], "iso-8859-1"), "é");
  });

  test("a stream split anywhere gives the same text", () => {
    const texts = ["aé€😀z", "\ufeffx", "€€", "😀😀"];
    for (const text of texts) {
      const bytes = [...new TextEncoder().encode(text)];
      for (let split = 0; split <= bytes.length; split++) {
        assert.equal(
          decodeChunks([bytes.slice(0, split), bytes.slice(split)]),
          text.replace(/^\ufeff/, ""),
          `${text} at ${split}`,
        );
      }
      assert.equal(decodeChunks(bytes.map((byte) => [byte])), text.replace(/^\ufeff/, ""));
    }
    const utf16 = [0x61, 0, 0x3d, 0xd8, 0, 0xde];
    assert.equal(
      decodeChunks(
        utf16.map((byte) => [byte]),
        "utf-16le",
      ),
      "a😀",
    );
  });

  test("a stream of random bytes gives what Node's decoder gives", () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const pool = [0x61, 0x80, 0xbf, 0xc2, 0xc0, 0xe0, 0xe2, 0xed, 0xa0, 0x9f, 0xf0, 0xf4, 0x90, 0x8f, 0xff];
    for (let round = 0; round < 400; round++) {
      const chunks = Array.from({ length: 1 + random(4) }, () =>
        Array.from({ length: random(5) }, () => pool[random(pool.length)] ?? 0),
      );
      const reference = new TextDecoder();
      const expected =
        chunks.map((chunk) => reference.decode(Uint8Array.from(chunk), { stream: true })).join("") + reference.decode();
      assert.equal(decodeChunks(chunks), expected, JSON.stringify(chunks));
    }
  });

  test("an incomplete end is an error only when the stream ends", () => {
    assert.equal(
      isolate.eval(
        "globalThis.d = new TextDecoder('utf-8', { fatal: true }); d.decode(new Uint8Array([0x61, 0xe2, 0x82]), { stream: true })",
      ),
      "a",
    );
    assert.throws(() => isolate.eval("d.decode()"), { name: "TypeError" });
    assert.equal(isolate.eval("d.decode(new Uint8Array([0x62]))"), "b");
  });

  test("takes buffers and views, and nothing else", () => {
    assert.equal(isolate.eval("new TextDecoder().decode(new Uint8Array([97, 98, 99]).buffer)"), "abc");
    assert.equal(isolate.eval("new TextDecoder().decode(new DataView(new Uint8Array([97, 98, 99]).buffer, 1))"), "bc");
    assert.equal(isolate.eval("new TextDecoder().decode(new Uint16Array(new Uint8Array([97, 98]).buffer))"), "ab");
    assert.throws(() => isolate.eval("new TextDecoder().decode('abc')"), { name: "TypeError" });
  });
});

suite("base64", () => {
  test("btoa and atob agree with Node's", () => {
    for (let length = 0; length < 40; length++) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 37 + length * 11) % 256)).join("");
      const encoded = isolate.eval(`btoa(${JSON.stringify(text)})`);
      assert.equal(encoded, Buffer.from(text, "latin1").toString("base64"));
      assert.equal(isolate.eval(`atob(${JSON.stringify(encoded)})`), text);
    }
    assert.equal((isolate.eval("atob(btoa('x'.repeat(20000)))") as string).length, 20000);
  });

  test("atob forgives white space and missing padding, and nothing else", () => {
    const cases: Record<string, string | null> = {
      " Y\tW\nJ\fj ": "abc",
      YQ: "a",
      "YQ==": "a",
      "YQ=": null,
      Y: null,
      "YQ===": null,
      "Y=Q=": null,
      "YWJj=": null,
      "YW-_": null,
      é: null,
      "": "",
      YR: "a",
    };
    for (const [input, expected] of Object.entries(cases)) {
      const call = `atob(${JSON.stringify(input)})`;
      if (expected === null) assert.throws(() => isolate.eval(call), { name: "InvalidCharacterError" }, input);
      else assert.equal(isolate.eval(call), expected, input);
    }
  });

  test("btoa takes bytes only", () => {
    assert.throws(() => isolate.eval("btoa('€')"), { name: "InvalidCharacterError", code: 5 });
    assert.throws(() => isolate.eval("btoa()"), { name: "TypeError" });
    assert.equal(isolate.eval("btoa(undefined) + btoa(null)"), "dW5kZWZpbmVkbnVsbA==");
  });
});
