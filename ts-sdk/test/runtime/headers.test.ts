import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

const isolate = new Isolate();

suite("Headers", () => {
  test("takes records, pairs, other headers and nothing", () => {
    for (const init of [
      "{ B: '2', a: 1 }",
      "[['b', '2'], ['A', '1']]",
      "new Map([['b', 2], ['a', '1']])",
      "new Headers({ a: '1', b: '2' })",
    ]) {
      assert.deepEqual(
        isolate.run(`[...new Headers(${init})]`),
        [
          ["a", "1"],
          ["b", "2"],
        ],
        init,
      );
    }
    assert.deepEqual(isolate.run("[...new Headers(), ...new Headers(undefined), ...new Headers({})]"), []);
    for (const init of ["null", "5", "'a'", "[['a']]", "[['a', 'b', 'c']]", "{ [Symbol('s')]: '1' }"]) {
      assert.throws(() => isolate.eval(`new Headers(${init})`), { name: "TypeError" }, init);
    }
  });

  test("joins the values of a name, except for cookies", () => {
    isolate.eval(
      "var h = new Headers(); h.append('X-A', '1'); h.append('x-a', ' 2\\t'); h.append('Set-Cookie', 'a=1'); h.append('set-cookie', 'b=2, c')",
    );
    assert.equal(isolate.eval("h.get('x-A')"), "1, 2");
    assert.deepEqual(isolate.run("h.getSetCookie()"), ["a=1", "b=2, c"]);
    assert.deepEqual(isolate.run("[...h]"), [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2, c"],
      ["x-a", "1, 2"],
    ]);
    assert.equal(isolate.eval("h.get('set-cookie')"), "a=1, b=2, c");
    assert.deepEqual(
      isolate.run(
        "(h.set('X-a', '3'), h.delete('SET-COOKIE'), [h.get('x-a'), h.get('none'), h.has('set-cookie'), h.has('X-A')])",
      ),
      ["3", null, false, true],
    );
  });

  test("refuses what no header can be", () => {
    for (const call of [
      "append('a b', '1')",
      "append('', '1')",
      "set('ä', '1')",
      "set('a', 'x\\ny')",
      "set('a', '\\0')",
      "append('a', '€')",
      "get('a:')",
      "has('')",
      "delete('(')",
      "append('a')",
      "get()",
    ]) {
      assert.throws(() => isolate.eval(`new Headers().${call}`), { name: "TypeError" }, call);
    }
    assert.equal(isolate.eval("new Headers({ a: 'é' }).get('a')"), "é");
    assert.equal(isolate.eval("new Headers({ a: '\\r\\n x\\t\\n' }).get('a')"), "x");
  });

  test("iterates sorted, live, in every way", () => {
    assert.deepEqual(
      isolate.run(
        "[[...new Headers({ c: 1, a: 2, B: 3 }).keys()], [...new Headers({ c: 1, a: 2 }).values()], [...new Headers({ a: 1 }).entries()]]",
      ),
      [["a", "b", "c"], ["2", "1"], [["a", "1"]]],
    );
    assert.equal(
      isolate.eval(
        "(() => { let t = ''; const h = new Headers({ a: 1, b: 2 }); h.forEach(function (v, k, all) { t += k + v + (all === h) + this.x; if (k === 'a') h.delete('b'); }, { x: '!' }); return t; })()",
      ),
      "a1true!",
    );
    assert.equal(isolate.eval("Headers.prototype[Symbol.iterator] === Headers.prototype.entries"), true);
  });
});
