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
