import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Answer, FakeServer } from "./fake-server.js";

const always = (answer: Answer) => new FakeServer(() => answer);

suite("fetch: requests", () => {
  test("a plain GET sends default headers and no body", async () => {
    const server = always({});
    await server.run("await fetch('http://host:8080/path?q#fragment')");
    assert.deepEqual(server.received, [
      {
        method: "GET",
        url: "http://host:8080/path?q",
        headers: [
          ["Accept", "*/*"],
          ["Accept-Language", "*"],
          ["User-Agent", "encore-host"],
        ],
        hasBody: false,
        body: undefined,
      },
    ]);
  });

  test("method, headers and body as they are given", async () => {
    const bodies: [init: string, body: string, type: string | undefined][] = [
      ["'text é'", "text é", "text/plain;charset=UTF-8"],
      ["new URLSearchParams({ a: '1 2' })", "a=1+2", "application/x-www-form-urlencoded;charset=UTF-8"],
      ["new Uint8Array([104, 105])", "hi", undefined],
      ["new Uint8Array([104, 105]).buffer", "hi", undefined],
      ["new DataView(new Uint8Array([120, 104, 105]).buffer, 1)", "hi", undefined],
      [
        "new ReadableStream({ start(c) { c.enqueue(new Uint8Array([104])); c.enqueue(new Uint8Array([105])); c.close(); } })",
        "hi",
        undefined,
      ],
      ["(async function* () { yield 'h'; yield new Uint8Array([105]); })()", "hi", undefined],
      ["{ toString: () => 'object' }", "object", "text/plain;charset=UTF-8"],
    ];
    for (const [init, body, type] of bodies) {
      const server = always({});
      await server.run(
        `await fetch('http://h/', { method: 'patch', headers: { 'X-Own': 'v', accept: 'text/html' }, body: ${init}, duplex: 'half' })`,
      );
      const [request] = server.received;
      assert.equal(request?.method, "patch");
      assert.equal(request.body, body, init);
      assert.equal(request.headers.find(([name]) => name === "Content-Type")?.[1], type, init);
      assert.deepEqual(request.headers.slice(0, 2), [
        ["X-Own", "v"],
        ["accept", "text/html"],
      ]);
    }
  });

  test("POST and PUT without a body say that it is empty", async () => {
    const server = always({});
    await server.run("for (const method of ['post', 'PUT', 'delete', 'HEAD']) await fetch('http://h/', { method })");
    assert.deepEqual(
      server.received.map(({ method, hasBody, body }) => [method, hasBody, body]),
      [
        ["POST", true, ""],
        ["PUT", true, ""],
        ["DELETE", false, undefined],
        ["HEAD", false, undefined],
      ],
    );
  });

  test("what can't be sent is refused before anything is sent", async () => {
    const server = always({});
    const calls = [
      "'/relative'",
      "'http://u:p@h/'",
      "'http://h/', { method: 'GET', body: 'x' }",
      "'http://h/', { method: 'CONNECT' }",
      "'http://h/', { method: 'a b' }",
      "'http://h/', { redirect: 'x' }",
      "'http://h/', { signal: {} }",
      "'http://h/', { method: 'POST', body: new ReadableStream() }",
      "'foo://h/'",
      "",
    ];
    for (const call of calls) {
      assert.deepEqual(
        await server.run(`try { await fetch(${call}); return 'no error'; } catch (error) { return error.name; }`),
        "TypeError",
        call,
      );
    }
    assert.deepEqual(server.received, []);
  });

  test("a Request can be fetched, once if it has a body", async () => {
    const server = always({ chunks: ["ok"] });
    const result = await server.run(`
      const request = new Request('http://h/', { method: 'POST', body: 'b', headers: { a: '1' } });
      const copy = request.clone();
      const first = await (await fetch(request, { headers: { a: '2' } })).text();
      const used = request.bodyUsed;
      let second; try { await fetch(request); } catch (error) { second = error.name; }
      return [first, used, second, await copy.text(), copy.headers.get('a')];`);
    assert.deepEqual(result, ["ok", true, "TypeError", "b", "1"]);
    assert.deepEqual(
      server.received.map(({ method, body, headers }) => [method, body, headers[0]]),
      [["POST", "b", ["a", "2"]]],
    );
  });
});

suite("fetch: responses", () => {
  test("the head is what the server sent", async () => {
    const server = always({
      status: 404,
      statusText: "Not here",
      headers: [
        ["Content-Type", "text/plain"],
        ["Set-Cookie", "a"],
        ["Set-Cookie", "b"],
        ["X-Latin", "\xe9"],
        ["bad name", "x"],
      ],
      chunks: ["gone"],
    });
    const result = await server.run(
      `const r = await fetch('http://h/p'); return [r.status, r.ok, r.statusText, r.url, r.type, r.redirected, r.headers.getSetCookie(), r.headers.get('x-latin'), await r.text()]`,
    );
    assert.deepEqual(result, [404, false, "Not here", "http://h/p", "basic", false, ["a", "b"], "\xe9", "gone"]);
    assert.deepEqual(
      await server.run(
        "const r = await fetch('http://h/'); try { r.headers.set('a', 'b'); } catch (error) { return error.name; }",
      ),
      "TypeError",
    );
  });

  test("a body in pieces is put together", async () => {
    for (const together of [true, false]) {
      const server = always({ chunks: ['{"a":', '"é', '"}'], together });
      assert.deepEqual(await server.run("return await (await fetch('http://h/')).json()"), { a: "é" });
      assert.deepEqual(await server.run("return [...await (await fetch('http://h/')).bytes()].length"), 10);
      assert.deepEqual(await server.run("return (await (await fetch('http://h/')).arrayBuffer()).byteLength"), 10);
    }
  });

  test("a body is read piece by piece, and only when it is asked for", async () => {
    const server = always({ chunks: ["one", "two", "three"], together: false });
    const result = await server.run(`
      const { body } = await fetch('http://h/');
      const reader = body.getReader();
      const pieces = [];
      for (let step = await reader.read(); !step.done; step = await reader.read()) pieces.push(new TextDecoder().decode(step.value));
      return pieces;`);
    assert.deepEqual(result, ["one", "two", "three"]);
    assert.deepEqual(
      await server.run(
        "let text = ''; for await (const piece of (await fetch('http://h/')).body) text += piece.length; return text",
      ),
      "335",
    );
  });

  test("a body can be read once; its clone once more", async () => {
    const server = always({ chunks: ["a", "b"], together: false });
    const result = await server.run(`
      const response = await fetch('http://h/');
      const clone = response.clone();
      const texts = await Promise.all([response.text(), clone.text()]);
      const errors = [];
      for (const call of [() => response.text(), () => response.json(), async () => response.clone()]) await call().catch((error) => errors.push(error.name));
      return [texts, response.bodyUsed, errors, response.body.locked];`);
    assert.deepEqual(result, [["ab", "ab"], true, ["TypeError", "TypeError", "TypeError"], true]);
  });

  test("answers without a body have none", async () => {
    const server = new FakeServer(({ method }) => ({ status: method === "GET" ? 204 : 200, chunks: ["x"] }));
    assert.deepEqual(await server.run("const r = await fetch('http://h/'); return [r.body, await r.text()]"), [
      null,
      "",
    ]);
    assert.deepEqual(
      await server.run("const r = await fetch('http://h/', { method: 'HEAD' }); return [r.body, await r.text(), r.ok]"),
      [null, "", true],
    );
  });

  test("broken JSON is a SyntaxError", async () => {
    assert.equal(
      await always({ chunks: ["{"] }).run(
        "try { await (await fetch('http://h/')).json(); } catch (error) { return error.name; }",
      ),
      "SyntaxError",
    );
  });

  test("a failed exchange is a TypeError with the host's error as cause", async () => {
    const server = always({ error: { message: "connection refused", code: "ECONNREFUSED" } });
    assert.deepEqual(
      await server.run(
        "try { await fetch('http://h/'); } catch (error) { return [error.name, error.message, error.cause.message, error.cause.code]; }",
      ),
      ["TypeError", "fetch failed", "connection refused", "ECONNREFUSED"],
    );
  });

  test("a body that breaks off is a TypeError where it is read", async () => {
    const server = always({ chunks: ["a"], breaks: true });
    assert.deepEqual(
      await server.run(
        "const r = await fetch('http://h/'); try { await r.text(); } catch (error) { return [error.name, error.message, error.cause.code]; }",
      ),
      ["TypeError", "terminated", "ECONNRESET"],
    );
  });
});

suite("fetch: redirects", () => {
  const chain = (status: number, location = "/next") =>
    new FakeServer(({ url }) =>
      new URL(url).pathname === "/"
        ? { status, headers: [["Location", location]], chunks: ["moved", "more"] }
        : { chunks: ["there"] },
    );

  test("are followed, with the method that each asks for", async () => {
    const expected: [status: number, method: string, then: string, body: string | undefined][] = [
      [301, "POST", "GET", undefined],
      [302, "POST", "GET", undefined],
      [302, "PUT", "PUT", "b"],
      [303, "PUT", "GET", undefined],
      [307, "POST", "POST", "b"],
      [308, "PATCH", "PATCH", "b"],
    ];
    for (const [status, method, then, body] of expected) {
      const server = chain(status);
      const result = await server.run(
        `const r = await fetch('http://h/#f', { method: '${method}', body: 'b' }); return [r.redirected, r.url, r.status, await r.text()]`,
      );
      assert.deepEqual(result, [true, "http://h/next", 200, "there"]);
      assert.deepEqual(
        server.received.slice(1).map((request) => [request.method, request.body]),
        [[then, body]],
        `${status} ${method}`,
      );
      const type = server.received[1]?.headers.some(([name]) => name === "Content-Type");
      assert.equal(type, body !== undefined);
      assert.deepEqual(server.cancelledBodies, [1]);
    }
  });

  test("to another origin leave credentials behind", async () => {
    for (const [location, kept] of [
      ["http://other/next", false],
      ["http://h/next", true],
      ["https://h/next", false],
    ] as const) {
      const server = chain(302, location);
      await server.run("await fetch('http://h/', { headers: { Authorization: 'secret', Cookie: 'c', 'X-Own': 'v' } })");
      const names = server.received[1]?.headers.map(([name]) => name) ?? [];
      assert.equal(names.includes("Authorization") && names.includes("Cookie"), kept, location);
      assert.ok(names.includes("X-Own"));
    }
  });

  test("manual and error do as they say", async () => {
    assert.deepEqual(
      await chain(302).run(
        "const r = await fetch('http://h/', { redirect: 'manual' }); return [r.status, r.headers.get('location'), r.redirected]",
      ),
      [302, "/next", false],
    );
    assert.deepEqual(
      await chain(302).run(
        "try { await fetch('http://h/', { redirect: 'error' }); } catch (error) { return [error.message, error.cause.message]; }",
      ),
      ["fetch failed", "unexpected redirect"],
    );
  });

  test("without a location are answers like others", async () => {
    const server = always({ status: 302, chunks: ["x"] });
    assert.deepEqual(await server.run("const r = await fetch('http://h/'); return [r.status, await r.text()]"), [
      302,
      "x",
    ]);
  });

  test("end after twenty, and never leave HTTP", async () => {
    const server = always({ status: 302, headers: [["location", "/"]] });
    assert.equal(
      await server.run("try { await fetch('http://h/'); } catch (error) { return error.cause.message; }"),
      "redirect count exceeded",
    );
    assert.equal(server.received.length, 21);
    for (const location of ["file:///etc/passwd", "data:,x", "javascript:1", "http://"]) {
      assert.equal(
        await chain(302, location).run(
          "try { await fetch('http://h/'); return 'followed'; } catch (error) { return error.message; }",
        ),
        "fetch failed",
        location,
      );
    }
  });
});

suite("fetch: aborts", () => {
  test("before it starts, nothing is sent", async () => {
    const server = always({});
    assert.deepEqual(
      await server.run(
        "try { await fetch('http://h/', { signal: AbortSignal.abort('why') }); } catch (reason) { return reason; }",
      ),
      "why",
    );
    assert.deepEqual(server.received, []);
  });

  test("while waiting, the operation is cancelled", async () => {
    const server = always({ silent: true });
    assert.deepEqual(
      await server.run(
        "try { await fetch('http://h/', { signal: AbortSignal.timeout(20) }); } catch (error) { return [error.name, performance.now()]; }",
      ),
      ["TimeoutError", 20],
    );
    assert.equal(server.cancelledOperations, 1);
  });

  test("while reading, the reader gets the reason and the host lets go", async () => {
    const server = always({ chunks: ["a"], silent: true });
    const result = await server.run(`
      const controller = new AbortController();
      const response = await fetch('http://h/', { signal: controller.signal });
      setTimeout(() => controller.abort(), 10);
      try { await response.text(); } catch (error) { return error.name; }`);
    assert.equal(result, "AbortError");
    assert.deepEqual(server.cancelledBodies, [1]);
  });

  test("cancelling the stream lets go of the body", async () => {
    const server = always({ chunks: ["a", "b", "c"], together: false });
    await server.run(
      "const r = await fetch('http://h/'); const reader = r.body.getReader(); await reader.read(); await reader.cancel();",
    );
    assert.deepEqual(server.cancelledBodies, [1]);
  });

  test("after the end, nothing happens", async () => {
    const server = always({ chunks: ["a", "b"], together: false });
    await server.run(
      "const c = new AbortController(); const r = await fetch('http://h/', { signal: c.signal }); await r.text(); c.abort();",
    );
    assert.deepEqual(server.cancelledBodies, []);
  });
});

suite("fetch: data URLs", () => {
  test("need no host", async () => {
    const server = always({});
    const cases: [url: string, type: string, text: string][] = [
      ["data:,Hello%2C%20World", "text/plain;charset=US-ASCII", "Hello, World"],
      ["data:text/html;charset=utf-8,<b>%C3%A9</b>", "text/html;charset=utf-8", "<b>é</b>"],
      ["data:application/json;base64,eyJhIjoxfQ==", "application/json", '{"a":1}'],
      ["data:;charset=x;base64,YQ", "text/plain;charset=x", "a"],
      ["data:bad,x", "text/plain;charset=US-ASCII", "x"],
    ];
    for (const [url, type, text] of cases) {
      assert.deepEqual(
        await server.run(
          `const r = await fetch(${JSON.stringify(url)}); return [r.status, r.headers.get('content-type'), await r.text()]`,
        ),
        [200, type, text],
        url,
      );
    }
    assert.equal(
      await server.run("try { await fetch('data:nothing'); } catch (error) { return error.message; }"),
      "fetch failed",
    );
    assert.deepEqual(server.received, []);
  });
});

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
