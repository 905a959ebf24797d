import assert from "node:assert/strict";
import { suite, test } from "node:test";
import vm from "node:vm";
import { Isolate } from "./isolate.js";

const isolate = new Isolate();

const parts = "href origin protocol username password host hostname port pathname search hash".split(
  " ",
) as (keyof URL)[];

const inputs: [input: string, base?: string][] = [
  ["http://example.com"],
  ["HTTP://USER:PASS@EXAMPLE.COM:80/a/./b/../c?q#f"],
  ["https://h:443/"],
  ["https://h:444/"],
  ["http://h:65536/"],
  ["http://h:x/"],
  ["http://a b/"],
  ["http://a%20b/"],
  ["http://ex%41mple.com"],
  ["http://[::1]:8080/"],
  ["http://[1:2:0:0:5:0:0:8]/"],
  ["http://[::1.2.3.4]/"],
  ["http://[::g]/"],
  ["http://0x7f.1/"],
  ["http://256.256.256.256/"],
  ["http://1.2.3.4.5/"],
  ["http://0300.1/"],
  ["http://1.2.3.08/"],
  ["http://4294967296/"],
  ["http://a.1.2.3.4/"],
  ["http://bücher.example/"],
  ["http://xn--bcher-kva.example/"],
  ["http://faß.de/"],
  ["http://ＧＯ.com/"],
  ["http://☃.net/"],
  ["http://xn--a/"],
  ["http://a\u00adb/"],
  ["http://日本語。jp/"],
  ["http://ab\u0300c.com"],
  ["http://\u05d0a.com/"],
  ["http://xn--/"],
  ["http://a\u200db.com/"],
  ["http://ex.com./"],
  ["http://./"],
  ["http://.."],
  ["file:///C:/a/../b"],
  ["file:///C|/x"],
  ["file://host/share"],
  ["file:/a"],
  ["file:"],
  ["file://localhost/x"],
  ["mailto:a@b.c"],
  ["data:text/plain,hi there#x"],
  ["javascript:alert(1)"],
  ["blob:https://h/uuid"],
  ["urn:isbn:1"],
  ["foo://bar/../baz?x"],
  ["foo:/a/b/../c"],
  ["foo:bar//x"],
  ["//h/p", "https://base/x"],
  ["/p?q", "https://base/x/y"],
  ["p", "https://base/x/y"],
  ["../../p", "https://base/a/b/c/d"],
  ["?q", "https://base/x?y#z"],
  ["#h", "https://base/x?y#z"],
  ["", "https://base/x?y#z"],
  ["p", "mailto:a@b"],
  ["#f", "mailto:a@b"],
  ["https:p", "https://base/x/"],
  ["http:p", "https://base/x/"],
  ["\\p\\q", "https://base/x"],
  ["c:/x", "file:///y"],
  ["..", "file:///C:/a"],
  [" \t http://h/ a\n"],
  ["http://h/\ta\nb"],
  ['http://h/a b"<>`{}|'],
  ["http://h/?a b\"<>'`{}"],
  ['http://h/#a b"<>`'],
  ["http://h/%zz%41%"],
  ["http://h/é?é#é"],
  ["http://h/\ud800"],
  ["http://u@/"],
  ["http://@h/"],
  ["http://:p@h/"],
  ["http://u:p:q@h/"],
  ["http://a@b@c/"],
  ["http://"],
  ["http:"],
  ["https://h:/"],
  ["http://h:0/"],
  ["nothing"],
  [""],
  ["1http://h"],
  ["h+-.1://x"],
  ["wss://h:443/x"],
  ["ftp://h:21/"],
  ["ws:\\\\h\\p"],
  ["http:///h/p"],
  ["http:h"],
  ["http://h//a//b"],
  ["http://h/%2e%2E/x"],
  ["http://h/a/%2e/b"],
  ["non-special://h:80/"],
  ["non-special://h%20x/"],
  ["web+demo:/.//not-a-host/"],
];

suite("URL", () => {
  test("parses as Node does", () => {
    for (const [input, base] of inputs) {
      const args = [input, base]
        .filter((each) => each !== undefined)
        .map((each) => JSON.stringify(each))
        .join();
      let expected: string[] | null;
      try {
        const url = new URL(input, base);
        expected = parts.map((part) => String(Reflect.get(url, part)));
      } catch {
        expected = null;
      }
      const actual = isolate.run(
        `(() => { try { const u = new URL(${args}); return ${JSON.stringify(parts)}.map((part) => u[part]); } catch (e) { if (!(e instanceof TypeError)) throw e; return null; } })()`,
      );
      assert.deepEqual(actual, expected, args);
      assert.equal(isolate.eval(`URL.canParse(${args})`), expected !== null, args);
    }
  });

  test("setters change what they can and leave the rest", () => {
    const changes: [part: string, values: string[]][] = [
      ["protocol", ["https", "http:", "ftp:x", "foo", "1"]],
      ["host", ["other", "other:81", "o:x", "", "a b", "[::1]:9"]],
      ["hostname", ["other:81", "x.y", ""]],
      ["port", ["80", "81", "", "x", "8a", "65536"]],
      ["pathname", ["a b", "/x/../y", "", "?"]],
      ["search", ["a=1", "?", "", "?ä b"]],
      ["hash", ["x", "#", "", "a b"]],
      ["username", ["me:x", ""]],
      ["password", ["p@", ""]],
      ["href", ["https://new/"]],
    ];
    for (const base of ["http://u:p@h:8080/p?q#f", "mailto:a@b", "file:///x", "foo://h/p"]) {
      for (const [part, values] of changes) {
        for (const value of values) {
          const url = new URL(base);
          Reflect.set(url, part, value);
          const actual = isolate.eval(
            `(() => { const u = new URL(${JSON.stringify(base)}); u.${part} = ${JSON.stringify(value)}; return u.href; })()`,
          );
          assert.equal(actual, url.href, `${base} ${part} = ${value}`);
        }
      }
    }
    assert.throws(() => isolate.eval("new URL('http://h').href = 'x'"), { name: "TypeError" });
  });

  test("searchParams and search follow each other", () => {
    assert.equal(
      isolate.eval("const u = new URL('http://h/?a=1'); u.searchParams.append('b', 'é &'); u.search"),
      "?a=1&b=%C3%A9+%26",
    );
    assert.equal(isolate.eval("u.search = '?c=3'; u.searchParams.get('c')"), "3");
    assert.equal(isolate.eval("u.searchParams.delete('c'); u.href"), "http://h/");
    assert.equal(
      isolate.eval("JSON.stringify({ u }) + String(u) + URL.parse('nothing')"),
      '{"u":"http://h/"}http://h/null',
    );
  });

  test("a name within ASCII doesn't take the tables", () => {
    const fresh = new Isolate();
    const before = process.memoryUsage().heapUsed;
    fresh.eval("for (const h of ['a.b', 'EXAMPLE.com', 'x--y.z', '127.0.0.1']) new URL('http://' + h)");
    assert.ok(process.memoryUsage().heapUsed - before < 20_000_000);
    assert.equal(fresh.eval("new URL('http://ÄÖ.com').host"), "xn--4ca0b.com");
  });
});

suite("URLSearchParams", () => {
  const inits = [
    "'a=1&b=2&a=3'",
    "'?x=%20y+z&&=&k'",
    "[['a', '1'], ['b', 'é']]",
    "{ a: '1', b: 2 }",
    "new Map([['m', 'n']])",
    "new URLSearchParams('q=%FF%2B')",
    "''",
    "undefined",
    "'a=b=c&%=%zz'",
  ];

  test("reads and writes as Node does", () => {
    for (const init of inits) {
      const reference = vm.runInThisContext(`new URLSearchParams(${init})`) as URLSearchParams;
      const actual = isolate.run(
        `(() => { const p = new URLSearchParams(${init}); return [String(p), [...p], p.size, p.getAll('a'), p.get('zz'), p.has('a'), p.has('a', '3'), [...p.keys()], [...p.values()]]; })()`,
      );
      const expected = [
        String(reference),
        [...reference],
        reference.size,
        reference.getAll("a"),
        reference.get("zz"),
        reference.has("a"),
        reference.has("a", "3"),
        [...reference.keys()],
        [...reference.values()],
      ];
      assert.deepEqual(actual, expected, init);
    }
  });

  test("set, delete, sort and forEach", () => {
    assert.equal(
      isolate.eval(
        "const p = new URLSearchParams('z=1&a=2&z=3&a=4'); p.set('z', '9'); p.delete('a', '2'); p.append('b', 'x'); p.sort(); let t = ''; p.forEach((v, k) => t += k + v); t",
      ),
      "a4bxz9",
    );
    assert.throws(() => isolate.eval("new URLSearchParams([['a']])"), { name: "TypeError" });
    assert.throws(() => isolate.eval("URLSearchParams()"), { name: "TypeError" });
  });
});
