import assert from "node:assert/strict";
import { suite, test } from "node:test";
import log, * as functions from "../../src/log/index.js";
import { APIError } from "../../src/api/index.js";

type Line = [level: number, message: string, fields: Record<string, unknown> | undefined];

const lines: Line[] = [];

// The runtime that a host's isolate would have.
Object.defineProperty(globalThis, Symbol.for("encore-host.runtime"), {
  configurable: true,
  value: { log: (...line: Line) => lines.push(line) },
});

function written(write: () => void): Line[] {
  lines.length = 0;
  write();
  return [...lines];
}

suite("log", () => {
  test("each level, by method and by function", () => {
    for (const [level, name] of (["trace", "debug", "info", "warn", "error"] as const).entries()) {
      assert.deepEqual(
        written(() => log[name]("text", { a: 1 })),
        [[level, "text", { a: 1 }]],
      );
      assert.deepEqual(
        written(() => functions[name]("text")),
        [[level, "text", undefined]],
      );
    }
  });

  test("errors come with or without a message", () => {
    const error = new TypeError("bad", { cause: new Error("inner") });
    const [only] = written(() => log.error(error, { a: 1 }));
    assert.deepEqual(
      [only?.[1], only?.[2]?.["error"], only?.[2]?.["stack"], only?.[2]?.["a"]],
      ["", "TypeError: bad", error.stack, 1],
    );
    assert.equal((only?.[2]?.["error_cause"] as { message: string }).message, "inner");
    const [both] = written(() => functions.warn(new Error("bad"), "while reading", { b: 2 }));
    assert.deepEqual([both?.[0], both?.[1], both?.[2]?.["error"], both?.[2]?.["b"]], [3, "while reading", "bad", 2]);
    const [api] = written(() => log.error(APIError.notFound("gone").withDetails({ id: 1 }), "m"));
    assert.deepEqual([api?.[2]?.["error_code"], api?.[2]?.["error_details"]], ["not_found", { id: 1 }]);
  });

  test("what was thrown needs not be an error", () => {
    assert.deepEqual(
      written(() => log.error("thrown text", "message")),
      [[4, "message", { error: "thrown text" }]],
    );
    assert.deepEqual(
      written(() => log.error({ code: 5 }, "message")),
      [[4, "message", { error: { code: 5 } }]],
    );
    assert.deepEqual(
      written(() => log.error(undefined, "message")),
      [[4, "message", undefined]],
    );
    assert.deepEqual(
      written(() => log.error(null)),
      [[4, "", undefined]],
    );
  });

  test("with adds fields, withLevel leaves lines out", () => {
    const request = log.with({ request: 1, a: 1 }).with({ b: 2 });
    assert.deepEqual(
      written(() => request.info("m", { a: 2 })),
      [[2, "m", { request: 1, a: 2, b: 2 }]],
    );
    const quiet = request.withLevel(functions.LogLevel.Warn);
    assert.deepEqual(
      written(() => quiet.info("m")),
      [],
    );
    assert.deepEqual(
      written(() => quiet.warn("m")),
      [[3, "m", { request: 1, a: 1, b: 2 }]],
    );
  });

  test("fields become JSON, whatever they hold", () => {
    const cyclic: Record<string, unknown> = { name: "c" };
    cyclic["self"] = cyclic;
    const deep = JSON.parse("[".repeat(100) + "]".repeat(100)) as unknown;
    const fields = {
      big: 10n,
      date: new Date(0),
      nan: NaN,
      error: new RangeError("r"),
      map: new Map([["k", { v: 1n }]]),
      set: new Set([1]),
      list: [undefined, 2n],
      cyclic,
      deep,
      none: undefined,
      fn: () => 1,
      throwing: {
        get x() {
          throw new Error("getter");
        },
      },
      json: { toJSON: () => ({ a: 3n }) },
    };
    const [[, , result] = []] = written(() => log.info("m", fields as never));
    const text = JSON.parse(JSON.stringify(result)) as Record<string, unknown>;
    assert.deepEqual(
      [text["big"], text["date"], text["nan"], text["map"], text["set"], text["list"]],
      ["10", "1970-01-01T00:00:00.000Z", "NaN", { k: { v: "1" } }, [1], [null, "2"]],
    );
    assert.deepEqual(
      [text["cyclic"], text["json"], text["throwing"], (text["error"] as { name: string }).name],
      [{ name: "c", self: "[Circular]" }, { a: "3" }, { x: "[threw getter]" }, "RangeError"],
    );
    assert.match(JSON.stringify(text["deep"]), /\[…\]/);
  });

  test("outside a host the console takes over", (context) => {
    const runtime = Reflect.get(globalThis, Symbol.for("encore-host.runtime")) as unknown;
    Reflect.deleteProperty(globalThis, Symbol.for("encore-host.runtime"));
    const info = context.mock.method(console, "info", () => undefined);
    log.info("m");
    log.info("m", { a: 1 });
    assert.deepEqual(
      info.mock.calls.map(({ arguments: given }) => given),
      [["m"], ["m", { a: 1 }]],
    );
    Object.defineProperty(globalThis, Symbol.for("encore-host.runtime"), { configurable: true, value: runtime });
  });
});
