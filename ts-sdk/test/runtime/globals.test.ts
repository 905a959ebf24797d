import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

const names = [
  ..."AbortController AbortSignal CustomEvent DOMException Event EventTarget Headers Request Response URL URLSearchParams".split(
    " ",
  ),
  ..."TextDecoder TextEncoder ReadableStream TransformStream WritableStream Crypto Performance".split(" "),
  ..."atob btoa clearImmediate clearInterval clearTimeout fetch queueMicrotask setImmediate setInterval setTimeout".split(
    " ",
  ),
  ..."structuredClone console crypto global performance process".split(" "),
];

suite("globals", () => {
  test("every name is there, replaceable and not enumerable", () => {
    const isolate = new Isolate();
    for (const name of names) {
      const descriptor = isolate.eval(
        `Object.getOwnPropertyDescriptor(globalThis, ${JSON.stringify(name)})`,
      ) as PropertyDescriptor;
      assert.equal(descriptor.enumerable, false, name);
      assert.equal(descriptor.configurable, true, name);
      assert.ok(descriptor.writable === true || "get" in descriptor, name);
      assert.notEqual(isolate.eval(`typeof ${name}`), "undefined", name);
    }
    assert.deepEqual(isolate.run("Object.keys(globalThis)"), []);
  });

  test("functions and classes have the global's name", () => {
    const isolate = new Isolate();
    for (const name of names) {
      if (isolate.eval(`typeof ${name}`) === "function") assert.equal(isolate.eval(`${name}.name`), name);
    }
  });

  test("what the host handed over is gone", () => {
    const isolate = new Isolate();
    assert.deepEqual(isolate.run("Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith('__'))"), []);
  });

  test("a lazy global can be replaced before it is touched", () => {
    const isolate = new Isolate();
    isolate.eval("globalThis.URL = 5; fetch = () => 6;");
    assert.equal(isolate.eval("URL"), 5);
    assert.equal(isolate.eval("fetch()"), 6);
    assert.equal(isolate.eval("new Request('http://localhost/').url"), "http://localhost/");
  });

  test("a lazy global is the same object at every touch", () => {
    assert.equal(new Isolate().eval("URL === URL && Headers === globalThis.Headers && fetch === fetch"), true);
  });

  test("interfaces have enumerable members and a tag", () => {
    const isolate = new Isolate();
    const expected: Record<string, string> = {
      AbortController: "signal,abort",
      TextEncoder: "encoding,encode,encodeInto",
      CustomEvent: "detail",
    };
    for (const [name, members] of Object.entries(expected)) {
      assert.equal(isolate.eval(`Object.keys(${name}.prototype).join()`), members);
      assert.equal(isolate.eval(`Object.prototype.toString.call(${name}.prototype)`), `[object ${name}]`);
    }
    assert.equal(isolate.eval("Object.prototype.toString.call(console)"), "[object console]");
  });
});

suite("process", () => {
  test("env holds strings, whatever is assigned", () => {
    const isolate = new Isolate({ NAME: "value" });
    assert.equal(isolate.eval("process.env.NAME"), "value");
    assert.equal(isolate.eval("process.env.MISSING"), undefined);
    assert.deepEqual(
      isolate.run("(process.env.A = 1, process.env.B = undefined, delete process.env.NAME, process.env)"),
      {
        A: "1",
        B: "undefined",
      },
    );
    assert.equal(isolate.eval("'A' in process.env"), true);
    assert.throws(() => isolate.eval("process.env.S = Symbol()"), { name: "TypeError" });
  });

  test("hrtime counts nanoseconds of the host's clock", () => {
    const isolate = new Isolate();
    isolate.now = 1500.25;
    assert.equal(isolate.eval("String(process.hrtime.bigint())"), "1500250000");
    assert.deepEqual(isolate.run("process.hrtime()"), [1, 500250000]);
    assert.deepEqual(isolate.run("process.hrtime([0, 600000000])"), [0, 900250000]);
    assert.equal(isolate.eval("process.uptime()"), 1.50025);
  });

  test("nextTick runs a microtask with its arguments", async () => {
    const isolate = new Isolate();
    assert.deepEqual(
      await isolate.runAsync("return await new Promise((done) => process.nextTick((...all) => done(all), 1, 2))"),
      [1, 2],
    );
    assert.throws(() => isolate.eval("process.nextTick(1)"), { name: "TypeError" });
  });
});

suite("crypto", () => {
  test("randomUUID makes distinct UUIDs of version 4", () => {
    const uuids = new Isolate().run("Array.from({ length: 1000 }, () => crypto.randomUUID())") as string[];
    assert.equal(new Set(uuids).size, 1000);
    for (const uuid of uuids)
      assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("getRandomValues fills views of integers and returns them", () => {
    const isolate = new Isolate();
    assert.equal(
      isolate.eval("const a = new Uint8Array(64); crypto.getRandomValues(a) === a && a.some((x) => x > 0)"),
      true,
    );
    assert.deepEqual(
      isolate.run(
        "(() => { const b = new Uint8Array(8); crypto.getRandomValues(b.subarray(2, 6)); return [b[0], b[1], b[6], b[7]]; })()",
      ),
      [0, 0, 0, 0],
    );
    assert.equal(isolate.eval("crypto.getRandomValues(new BigInt64Array(2)).length"), 2);
    for (const [argument, name] of [
      ["new Float64Array(1)", "TypeMismatchError"],
      ["new DataView(new ArrayBuffer(1))", "TypeMismatchError"],
      ["[1]", "TypeMismatchError"],
      ["new Uint8Array(65537)", "QuotaExceededError"],
    ]) {
      assert.throws(() => isolate.eval(`crypto.getRandomValues(${argument})`), { name }, argument);
    }
  });
});

suite("performance", () => {
  test("now is the host's clock", () => {
    const isolate = new Isolate();
    isolate.now = 12.5;
    assert.equal(isolate.eval("performance.now()"), 12.5);
    assert.ok(Math.abs((isolate.eval("performance.timeOrigin") as number) - Date.now()) < 60_000);
  });

  test("marks and measures", () => {
    const isolate = new Isolate();
    isolate.now = 10;
    isolate.eval("performance.mark('a', { detail: { x: 1 } })");
    isolate.now = 35;
    assert.deepEqual(isolate.run("performance.measure('m', 'a')"), {
      name: "m",
      entryType: "measure",
      startTime: 10,
      duration: 25,
    });
    assert.equal(isolate.eval("performance.measure('n', { start: 'a', duration: 5 }).duration"), 5);
    assert.equal(isolate.eval("performance.measure('o', { end: 30, duration: 5 }).startTime"), 25);
    assert.equal(isolate.eval("performance.getEntriesByName('a')[0].detail.x"), 1);
    assert.equal(isolate.eval("performance.getEntriesByType('measure').length"), 3);
    isolate.eval("performance.clearMeasures('m'); performance.clearMarks()");
    assert.equal(isolate.eval("performance.getEntries().map((entry) => entry.name).join()"), "n,o");
    assert.throws(() => isolate.eval("performance.measure('p', 'missing')"), { name: "SyntaxError" });
  });
});

suite("stacks", () => {
  const failing = "function inner() {\n  throw new TypeError('no');\n}\nfunction outer() { inner(); }";

  test("positions are mapped to sources, in V8's format", () => {
    const isolate = new Isolate();
    isolate.mapPosition = (script, line, column) => (script === "app.js" ? `src/app.ts:${line + 100}:${column}` : "");
    isolate.eval(failing);
    const stack = isolate.eval("try { outer() } catch (error) { error.stack }", "other.js") as string;
    assert.deepEqual(stack.split("\n").slice(0, 4), [
      "TypeError: no",
      "    at inner (src/app.ts:102:9)",
      "    at outer (src/app.ts:104:20)",
      "    at other.js:1:7",
    ]);
  });

  test("the runtime's own frames are left out", () => {
    const stack = new Isolate().eval(
      "let s; [1].forEach(() => { try { structuredClone(() => 1) } catch (e) { s = e.stack } }); s",
    ) as string;
    assert.doesNotMatch(stack, /runtime\.js/);
    assert.match(stack, /^DataCloneError: /);
  });

  test("applications may set the hook, and set it back", () => {
    const isolate = new Isolate();
    assert.equal(
      isolate.eval(`{
        const before = Error.prepareStackTrace;
        Error.prepareStackTrace = (error, frames) => frames.length > 0;
        const seen = new Error().stack;
        Error.prepareStackTrace = before;
        seen === true && typeof new Error().stack === "string";
      }`),
      true,
    );
  });
});
