import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { format } from "node:util";
import vm from "node:vm";
import { Isolate } from "./isolate.js";

function lines(code: string, isolate = new Isolate()): string[] {
  isolate.eval(code);
  return isolate.log.map(({ message }) => message);
}

suite("console", () => {
  test("each method has its level", () => {
    const isolate = new Isolate();
    isolate.eval("for (const name of ['log', 'info', 'debug', 'warn', 'error']) console[name](name);");
    assert.deepEqual(
      isolate.log.map(({ level, message, fields }) => [level, message, fields]),
      [
        [2, "log", undefined],
        [2, "info", undefined],
        [1, "debug", undefined],
        [3, "warn", undefined],
        [4, "error", undefined],
      ],
    );
  });

  test("values are shown as Node shows them", () => {
    const expressions = [
      "'a', 1, -0, 10n, true, null, undefined, Symbol('s')",
      "{ a: 1, 'b-c': 'text', d: { e: { f: { g: 1 } } } }",
      "[1, 'two', [3, [4, [5, [6]]]], , undefined]",
      "new Map([['k', { v: 1 }], [1, 2]]), new Set(['a', [1]])",
      "new Date(0), /x/g, () => 1, function named() {}, class Foo extends Map {}",
      "Object.create(null), new (class Point { x = 1; #y = 2; })()",
      "Object.assign(() => 1, { p: 2 }), new Uint8Array([1, 2])",
      "Array.from({ length: 120 }, (_, i) => i)",
      "'%s is %d years and %i, %f, %j %o %O %%', 'Bob', 42.5, 42.9, '1.5', { a: 1 }, [1], { b: { c: {} } }, 'more'",
      "'%c styled', 'color: red'",
      "'100%', 5",
      "{ get a() { return 1; }, set b(v) {}, c: 1 }",
      "'it\\'s', ['it\\'s', \"q\\\"\", `b\\`'\"`, 'line\\nbreak']",
      "new WeakMap(), new Error('x').message",
      "{ long: 'x'.repeat(100), other: 'y'.repeat(30) }",
      "(() => { const a = { name: 'a' }; a.self = a; return a; })()",
    ];
    for (const expression of expressions) {
      const expected = format(...(vm.runInThisContext(`[${expression}]`) as unknown[]));
      assert.deepEqual(lines(`console.log(${expression})`), [expected], expression);
    }
  });

  test("errors are shown with stack, cause and own properties", () => {
    const [text] = lines(
      "console.error(Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E1' }))",
    );
    assert.match(text ?? "", /^TypeError: outer\n {4}at app\.js:1:/);
    assert.match(text ?? "", /\[cause\]: Error: inner\n/);
    assert.match(text ?? "", /code: 'E1'/);
  });

  test("web objects show what they hold", () => {
    const [text] = lines(
      "console.log(new URL('http://h/p?q=1'), new Headers({ a: '1' }), new URLSearchParams('x=y'), new DOMException('m', 'AbortError').name)",
    );
    assert.match(text ?? "", /^URL \{\n {2}href: 'http:\/\/h\/p\?q=1',/);
    assert.match(text ?? "", /Headers \{ a: '1' \} URLSearchParams Map\(1\) \{ 'x' => 'y' \} AbortError$/);
    assert.deepEqual(lines("console.log({ a: { b: { c: { u: new URL('http://h/') } } } })"), [
      "{ a: { b: { c: [Object] } } }",
    ]);
  });

  test("a getter that throws doesn't break the log", () => {
    assert.equal(lines("console.log({ toString() { throw 1; }, get x() { throw new Error('no'); } })").length, 1);
  });

  test("groups indent", () => {
    assert.deepEqual(
      lines(
        "console.group('g'); console.log('a\\nb'); console.groupCollapsed(); console.log('c'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('d')",
      ),
      ["g", "  a\n  b", "    c", "d"],
    );
  });

  test("assert, count and time", () => {
    const isolate = new Isolate();
    isolate.eval(
      "console.assert(true, 'no'); console.assert(false); console.assert(0, 'it %s', 'is'); console.assert(false, { a: 1 }); console.count(); console.count(); console.count('x'); console.countReset(); console.count(); console.countReset('y'); console.time('t'); console.time('t')",
    );
    isolate.now = 1234.5678;
    isolate.eval("console.timeLog('t', 'so far'); console.timeEnd('t'); console.timeEnd('t')");
    assert.deepEqual(
      isolate.log.map(({ message }) => message),
      [
        "Assertion failed",
        "Assertion failed: it is",
        "Assertion failed: { a: 1 }",
        "default: 1",
        "default: 2",
        "x: 1",
        "default: 1",
        "Warning: Count for 'y' does not exist",
        "Warning: Label 't' already exists for console.time()",
        "t: 1.235s so far",
        "t: 1.235s",
        "Warning: No such label 't' for console.time()",
      ],
    );
  });

  test("trace shows where it was called", () => {
    const [text] = lines("function caller() { console.trace('here %d', 1); }\ncaller()");
    assert.match(text ?? "", /^Trace: here 1\n {4}at caller \(app\.js:1:\d+\)\n/);
  });

  test("table lays out rows of objects, arrays, maps and values", () => {
    const [objects, chosen, values, maps, other] = lines(
      "console.table([{ a: 1, b: 'x' }, { a: 2, c: true }]); console.table([{ a: 1, b: 2 }], ['b']); console.table(['p', { q: 1 }]); console.table(new Map([['k', 1]])); console.table(5)",
    );
    assert.equal(
      objects,
      "┌─────────┬───┬─────┬──────┐\n│ (index) │ a │ b   │ c    │\n├─────────┼───┼─────┼──────┤\n│ 0       │ 1 │ 'x' │      │\n│ 1       │ 2 │     │ true │\n└─────────┴───┴─────┴──────┘",
    );
    assert.equal(chosen, "┌─────────┬───┐\n│ (index) │ b │\n├─────────┼───┤\n│ 0       │ 2 │\n└─────────┴───┘");
    assert.match(values ?? "", /│ 0 {7}│ {3}│ 'p' {4}│/);
    assert.match(maps ?? "", /│ \(iteration index\) │ Key │ Values │/);
    assert.equal(other, "5");
  });

  test("methods work without their object", () => {
    assert.deepEqual(
      lines("const { log } = console; [1].forEach((x) => log(x)); console.dir({ a: { b: { c: {} } } }, { depth: 0 })"),
      ["1", "{ a: [Object] }"],
    );
  });
});
