import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Answer, FakeServer } from "./fake-server.js";

const always = (answer: Answer) => new FakeServer(() => answer);

suite("Request and Response", () => {
  const { isolate } = always({});

  test("a request has defaults and keeps what it is given", () => {
    assert.deepEqual(
      isolate.run(
        "(() => { const r = new Request('HTTP://H/a b'); return [r.method, r.url, r.redirect, r.mode, r.credentials, r.cache, r.referrer, r.integrity, r.keepalive, r.duplex, r.destination, r.body, r.signal.aborted]; })()",
      ),
      [
        "GET",
        "http://h/a%20b",
        "follow",
        "cors",
        "same-origin",
        "default",
        "about:client",
        "",
        false,
        "half",
        "",
        null,
        false,
      ],
    );
    assert.deepEqual(
      isolate.run(
        "(() => { const a = new Request('http://h/', { method: 'put', body: 'x', cache: 'no-store', keepalive: true, headers: { a: 1 } }); const b = new Request(a, { headers: { b: '2' } }); return [b.method, b.cache, b.keepalive, [...b.headers], a.bodyUsed, b.bodyUsed]; })()",
      ),
      [
        "PUT",
        "no-store",
        true,
        [
          ["b", "2"],
          ["content-type", "text/plain;charset=UTF-8"],
        ].slice(0, 1),
        true,
        false,
      ],
    );
    assert.throws(() => isolate.eval("new Request('http://h/', { mode: 'other' })"), { name: "TypeError" });
  });

  test("a request's signal follows the one it is given", () => {
    assert.equal(
      isolate.eval(
        "(() => { const c = new AbortController(); const r = new Request('http://h/', { signal: c.signal }); const copy = new Request(r); c.abort(1); return r.signal !== c.signal && r.signal.aborted && copy.signal.reason === 1 && !new Request(r, { signal: null }).signal.aborted; })()",
      ),
      true,
    );
  });

  test("a response is made of body and init", async () => {
    assert.deepEqual(
      await isolate.runAsync(
        "const r = new Response('é', { status: 201, statusText: 'Made', headers: { a: '1' } }); return [r.status, r.statusText, r.ok, r.type, r.url, [...r.headers], await r.text(), r.bodyUsed]",
      ),
      [
        201,
        "Made",
        true,
        "default",
        "",
        [
          ["a", "1"],
          ["content-type", "text/plain;charset=UTF-8"],
        ],
        "é",
        true,
      ],
    );
    for (const call of [
      "new Response('', { status: 99 })",
      "new Response('', { status: 600 })",
      "Response.redirect('http://h/', 200)",
    ])
      assert.throws(() => isolate.eval(call), { name: "RangeError" }, call);
    for (const call of [
      "new Response('x', { status: 204 })",
      "new Response('', { statusText: '\\n' })",
      "Response.redirect('/x')",
      "Response.json(() => 1)",
    ])
      assert.throws(() => isolate.eval(call), { name: "TypeError" }, call);
  });

  test("the static ways to a response", async () => {
    assert.deepEqual(
      await isolate.runAsync(
        "const j = Response.json({ a: 1 }, { status: 202 }), r = Response.redirect('http://h/x', 308), e = Response.error(); return [await j.text(), j.status, j.headers.get('content-type'), r.status, r.headers.get('location'), e.type, e.status, e.body]",
      ),
      ['{"a":1}', 202, "application/json", 308, "http://h/x", "error", 0, null],
    );
  });

  test("a response can be made of a stream, and its body piped", async () => {
    assert.equal(
      await isolate.runAsync(`
        const source = new ReadableStream({ start(c) { for (const t of ['a', 'b']) c.enqueue(new TextEncoder().encode(t)); c.close(); } });
        const upper = new TransformStream({ transform(chunk, c) { c.enqueue(chunk.map((byte) => byte - 32)); } });
        return await new Response(new Response(source).body.pipeThrough(upper)).text();`),
      "AB",
    );
    assert.equal(
      await isolate.runAsync(
        "const r = new Response('abc'); const [a, b] = r.body.tee(); return await new Response(a).text() + await new Response(b).text() + r.bodyUsed",
      ),
      "abcabctrue",
    );
  });
});
