// @ts-check
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { program, repository } from "../../scripts/repository.mjs";
import { Server } from "./support/server.mjs";

suite("examples/shop", () => {
  test("auth, middleware and calls between services, over HTTP", async (context) => {
    const server = await Server.start(context, program, ["run", "examples/shop", "--port", "0"], { cwd: repository });
    /**
     * @param {string} target
     * @param {string} [token]
     * @param {object} [body]
     */
    const ask = async (target, token, body) => {
      const response = await server.fetch(target, {
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
        ...(token !== undefined && { headers: { authorization: token } }),
      });
      return {
        status: response.status,
        headers: response.headers,
        body: /** @type {unknown} */ (await response.json()),
      };
    };

    const anonymous = await ask("/me");
    assert.equal(anonymous.status, 401);
    assert.equal(anonymous.headers.get("cache-control"), "private, no-store");
    assert.deepEqual(anonymous.body, {
      code: "unauthenticated",
      message: "the request does not have valid authentication credentials for the operation",
      details: null,
    });
    assert.deepEqual((await ask("/me", "Bearer nobody")).body, {
      code: "unauthenticated",
      message: "unauthenticated",
      details: null,
    });
    assert.deepEqual((await ask("/me", "Basic ada")).body, {
      code: "unauthenticated",
      message: "write: Authorization: Bearer <token>",
      details: null,
    });
    assert.deepEqual((await ask("/me", "Bearer ada")).body, { name: "Ada", isStaff: false });

    // Open to everybody: what isn't a token at all makes an anonymous caller, one that is nobody's doesn't.
    assert.equal((await ask("/items", "Basic ada")).status, 200);
    assert.equal((await ask("/items", "Bearer nobody")).status, 401);

    const bought = await ask("/orders", "Bearer ada", { id: 1, count: 2 });
    assert.equal(bought.status, 201);
    assert.deepEqual(bought.body, { number: 1, customer: "Ada", items: ["2 × Kettle"], total: "49.80" });
    assert.match(bought.headers.get("server-timing") ?? "", /^handler;dur=\d/);

    // Who asks is found out before what they ask is looked at.
    assert.equal((await ask("/orders", "Bearer nobody", { id: "x" })).status, 401);
    assert.equal((await ask("/orders", undefined, { id: "x" })).status, 401);
    assert.equal((await ask("/orders", "Bearer ada", { id: "x" })).status, 400);

    // The called service's rules hold, and its errors arrive as they are.
    const none = await ask("/orders", "Bearer ada", { id: 1, count: 0 });
    assert.equal(none.status, 400);
    assert.match(JSON.stringify(none.body), /count/);
    assert.deepEqual((await ask("/orders", "Bearer ada", { id: 1, count: 2 })).body, {
      code: "failed_precondition",
      message: "only 1 left",
      details: null,
    });
    assert.deepEqual((await ask("/orders", "Bearer ada", { id: 9, count: 1 })).body, {
      code: "not_found",
      message: "no such item",
      details: { id: 9 },
    });

    assert.equal((await ask("/orders", "Bearer ada")).status, 403);
    const staff = await ask("/orders", "Bearer grace");
    assert.equal(staff.status, 200);
    assert.deepEqual(staff.body, { orders: [bought.body] });

    // Not exposed: from outside there is no such endpoint.
    assert.equal((await ask("/catalog.reserve", "Bearer ada", { id: 1, count: 1 })).status, 404);

    await server.line((line) => line.includes("request completed") && line.includes('"uid":"ada"'));
  });
});
