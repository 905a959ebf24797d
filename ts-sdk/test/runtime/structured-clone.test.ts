import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

const isolate = new Isolate();
const check = (expression: string) => assert.equal(isolate.eval(expression), true, expression);

suite("structuredClone", () => {
  test("primitives and wrappers", () => {
    for (const value of ["1", "-0", "NaN", "'text'", "10n", "true", "null", "undefined"])
      check(`Object.is(structuredClone(${value}), ${value})`);
    for (const type of ["Boolean(false)", "Number(5)", "String('s')", "Object(7n)"]) {
      const create = type.startsWith("Object") ? type : `new ${type}`;
      check(
        `(() => { const w = ${create}, c = structuredClone(w); return typeof c === "object" && c !== w && c.valueOf() === w.valueOf() && c.constructor === w.constructor; })()`,
      );
    }
  });

  test("objects and arrays, with holes, extra properties and cycles", () => {
    assert.deepEqual(isolate.run("structuredClone({ a: [1, { b: null }], 'c d': undefined, e: { f: 'g' } })"), {
      a: [1, { b: null }],
      e: { f: "g" },
    });
    check(
      "(() => { const a = [1, , 3]; a.extra = 4; const c = structuredClone(a); return c.length === 3 && !(1 in c) && c.extra === 4 && Array.isArray(c); })()",
    );
    check(
      "(() => { const o = { list: [] }; o.self = o; o.list.push(o, o.list); const c = structuredClone(o); return c !== o && c.self === c && c.list[0] === c && c.list[1] === c.list; })()",
    );
    check(
      "(() => { const shared = {}; const c = structuredClone([shared, shared]); return c[0] === c[1] && c[0] !== shared; })()",
    );
    check("Object.hasOwn(structuredClone(JSON.parse('{\"__proto__\": 1}')), '__proto__')");
    check("Object.getPrototypeOf(structuredClone(Object.create(null))) === Object.prototype");
  });

  test("a class's instance becomes a plain object of its own enumerable properties", () => {
    check(
      "(() => { class P { x = 1; #y = 2; get z() { return 3; } } const c = structuredClone(new P()); return c.constructor === Object && JSON.stringify(c) === '{\"x\":1}'; })()",
    );
    check(
      "(() => { const o = Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'hidden', { value: 3 }); return Reflect.ownKeys(structuredClone(o)).join() === 'a'; })()",
    );
    check("structuredClone({ get a() { return 5; } }).a === 5");
    check("structuredClone(Object.create(Map.prototype)).constructor === Object");
    check('JSON.stringify(structuredClone((function () { return arguments; })(1, 2))) === \'{"0":1,"1":2}\'');
  });

  test("dates, regular expressions, maps and sets", () => {
    check("structuredClone(new Date(5)).getTime() === 5 && structuredClone(new Date(NaN)) instanceof Date");
    check(
      "(() => { const r = /a+/giu; r.lastIndex = 3; const c = structuredClone(r); return c.source === 'a+' && c.flags === 'giu' && c.lastIndex === 0; })()",
    );
    check(
      "(() => { const m = new Map(); m.set(m, new Set([m])); const c = structuredClone(m); return c.get(c).has(c) && c.size === 1 && c !== m; })()",
    );
    check("(() => { class M extends Map {} return structuredClone(new M([[1, 2]])).constructor === Map; })()");
  });

  test("errors keep name, message, stack and cause", () => {
    check(
      "(() => { const e = new RangeError('m', { cause: { a: 1 } }); e.extra = 1; const c = structuredClone(e); return c instanceof RangeError && c.message === 'm' && c.stack === e.stack && c.cause.a === 1 && !('extra' in c); })()",
    );
    check(
      "(() => { const e = new Error('m'); e.name = 'Custom'; const c = structuredClone(e); return c.constructor === Error && c.message === 'm'; })()",
    );
    check(
      "(() => { const c = structuredClone(new DOMException('m', 'AbortError')); return c instanceof DOMException && c.name === 'AbortError' && c.code === 20; })()",
    );
    check("!Object.hasOwn(structuredClone(new Error()), 'message')");
  });

  test("buffers and views keep sharing", () => {
    check(
      "(() => { const b = new ArrayBuffer(8); const c = structuredClone({ b, u: new Uint8Array(b, 2, 3), d: new DataView(b, 1), f: new Float64Array(b) }); return c.b !== b && c.u.buffer === c.b && c.d.buffer === c.b && c.f.length === 1 && c.u.byteOffset === 2 && c.u.length === 3 && c.d.byteLength === 7; })()",
    );
    for (const type of [
      "Int8Array",
      "Uint8ClampedArray",
      "Int16Array",
      "Uint32Array",
      "Float32Array",
      "BigInt64Array",
      "BigUint64Array",
    ]) {
      check(`structuredClone(new ${type}(3)) instanceof ${type}`);
    }
    check("(() => { const u = new Uint8Array([1, 2]); const c = structuredClone(u); u[0] = 9; return c[0] === 1; })()");
  });

  test("transfers detach", () => {
    check(
      "(() => { const b = new Uint8Array([1, 2]).buffer; const c = structuredClone({ b, u: new Uint8Array(b) }, { transfer: [b] }); return b.byteLength === 0 && c.b.byteLength === 2 && c.u.buffer === c.b && c.u[1] === 2; })()",
    );
    check(
      "(() => { const b = new ArrayBuffer(2); structuredClone(1, { transfer: [b] }); return b.byteLength === 0; })()",
    );
    const failing = [
      "(() => { const b = new ArrayBuffer(2); structuredClone(b, { transfer: [b, b] }); })()",
      "(() => { const b = new ArrayBuffer(2); b.transfer(); structuredClone(b, { transfer: [b] }); })()",
      "(() => { const b = new ArrayBuffer(2); b.transfer(); structuredClone(b); })()",
      "structuredClone(1, { transfer: [{}] })",
    ];
    for (const each of failing) assert.throws(() => isolate.eval(each), { name: "DataCloneError", code: 25 }, each);
    check(
      "(() => { const b = new ArrayBuffer(2); try { structuredClone({ b, f() {} }, { transfer: [b] }); } catch {} return b.byteLength === 2; })()",
    );
  });

  test("what can't be cloned is a DataCloneError", () => {
    for (const value of [
      "() => 1",
      "Symbol('s')",
      "{ a: { f() {} } }",
      "[Symbol.iterator]",
      "Promise.resolve()",
      "new WeakMap()",
      "new WeakSet()",
      "new WeakRef({})",
      "new Event('e')",
      "new AbortController()",
      "AbortSignal.abort()",
      "new Headers()",
      "new TextEncoder()",
      "(function* () {})()",
      "class A {}",
    ]) {
      assert.throws(() => isolate.eval(`structuredClone(${value})`), { name: "DataCloneError", code: 25 }, value);
    }
    assert.throws(() => isolate.eval("structuredClone()"), { name: "TypeError" });
    assert.throws(() => isolate.eval("structuredClone({ get a() { throw new RangeError('mine'); } })"), {
      name: "RangeError",
    });
  });
});
