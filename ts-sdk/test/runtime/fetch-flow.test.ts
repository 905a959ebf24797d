import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Answer, FakeServer } from "./fake-server.js";

const always = (answer: Answer) => new FakeServer(() => answer);

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
