import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { api, APIError, ErrCode, HttpStatus } from "../../src/api/index.js";
import { describeError } from "../../src/internal/errors.js";
import { endpointSymbol } from "../../src/internal/registry.js";
import { Service } from "../../src/service/index.js";

suite("api", () => {
  test("an endpoint can be called: its handler runs, and the answer is a promise", async () => {
    const double = api({ path: "/double/:n" }, ({ n }: { n: number }) => ({ n: 2 * n }));
    assert.deepEqual(await double({ n: 3 }), { n: 6 });
    const fails = api({}, () => {
      throw new Error("no");
    });
    await assert.rejects(fails(), /no/);
  });

  test("an endpoint keeps handler and options for the host, out of sight", () => {
    const options = { method: "GET", path: "/x", expose: true } as const;
    const handler = () => ({ ok: true });
    const endpoint = api(options, handler);
    assert.deepEqual(Reflect.get(endpoint, endpointSymbol), { options, handler, kind: "typed" });
    assert.deepEqual(Object.keys(endpoint), []);
  });
});

suite("APIError", () => {
  test("there is a static constructor for each code but OK", () => {
    const codes = Object.entries(ErrCode).filter(([name]) => name !== "OK");
    assert.equal(codes.length, 16);
    for (const [name, code] of codes) {
      const create = Reflect.get(APIError, name.charAt(0).toLowerCase() + name.slice(1)) as typeof APIError.unknown;
      const cause = new Error("inner");
      const error = create("outer", cause);
      assert.ok(error instanceof APIError && error instanceof Error);
      assert.deepEqual(
        [error.name, error.message, error.code, error.cause, error.details],
        ["APIError", "outer", code, cause, undefined],
      );
    }
  });

  test("withDetails makes a copy that says where the error comes from", () => {
    const error = APIError.notFound("no post", new Error("inner"));
    const detailed = error.withDetails({ id: 7 });
    assert.notEqual(detailed, error);
    assert.deepEqual(
      [detailed.code, detailed.message, detailed.details, error.details],
      [ErrCode.NotFound, "no post", { id: 7 }, undefined],
    );
    assert.equal(detailed.cause, error.cause);
    assert.equal(detailed.stack, error.stack);
  });

  test("it is an error like others: no enumerable name, no cause unless given", () => {
    const error = new APIError(ErrCode.Aborted, "m");
    assert.equal(Object.hasOwn(error, "cause"), false);
    assert.equal(String(error), "APIError: m");
    assert.equal(Object.keys(error).includes("name"), false);
    class Own extends APIError {}
    assert.ok(new Own(ErrCode.Internal, "x") instanceof Own);
  });

  test("the host learns code, details and causes", () => {
    const { name, code, details, cause } = describeError(
      APIError.aborted("m", new TypeError("t")).withDetails({ a: 1 }),
    );
    assert.deepEqual(
      [name, code, details, cause?.name, cause?.message, cause?.code],
      ["APIError", "aborted", { a: 1 }, "TypeError", "t", undefined],
    );
  });
});

suite("HttpStatus and Service", () => {
  test("statuses have their numbers", () => {
    assert.deepEqual(
      [HttpStatus.OK, HttpStatus.Created, HttpStatus.ImATeapot, HttpStatus.NetworkAuthenticationRequired],
      [200, 201, 418, 511],
    );
    assert.equal(new Set(Object.values(HttpStatus)).size, Object.keys(HttpStatus).length);
  });

  test("a service has its name", () => {
    assert.deepEqual([new Service("blog").name, new Service("blog").cfg], ["blog", {}]);
  });
});
