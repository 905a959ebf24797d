import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { encodeParameters, plainParameters } from "../../src/storage/sqldb/parameters.js";
import { rowMaker } from "../../src/storage/sqldb/rows.js";
import { templateStatement, textStatement } from "../../src/storage/sqldb/statement.js";
import { Decimal } from "../../src/types/index.js";

const none = new Uint8Array(0);

suite("statements", () => {
  const strings = (parts: TemplateStringsArray, ..._: unknown[]): TemplateStringsArray => parts;

  test("a template's values never become part of its text", () => {
    assert.equal(templateStatement(strings`SELECT ${"'; DROP"} + ${2}`).text, "SELECT $1 + $2");
    assert.equal(templateStatement(strings`SELECT 1`).text, "SELECT 1");
  });

  test("the same template is the same statement", () => {
    const make = (): TemplateStringsArray => strings`SELECT ${1}`;
    assert.equal(templateStatement(make()), templateStatement(make()));
    assert.equal(textStatement("SELECT 1"), textStatement("SELECT 1"));
  });

  test("columns are told once, and rows of an older list stay readable", () => {
    const statement = textStatement("SELECT a");
    assert.deepEqual(statement.rows(7, [["a", ""]], [["1"]], null), [{ a: "1" }]);
    assert.equal(statement.shape, 7);
    assert.deepEqual(statement.rows(8, [["a", "n"]], [["3"]], null), [{ a: 3n }]);
    assert.deepEqual(statement.rows(7, null, [["2"]], null), [{ a: "2" }]);
    assert.deepEqual(statement.rows(8, null, [["3"], ["4"]], null), [{ a: 3n }, { a: 4n }]);
  });
});

suite("parameters", () => {
  test("what JSON carries crosses as it is", () => {
    const values = ["a", 1.5, true, null];
    assert.equal(encodeParameters(values).values, values);
    assert.equal(plainParameters(values), JSON.stringify(values));
    assert.equal(plainParameters([]), "[]");
    assert.equal(plainParameters([-0, 1e21, '"\ud800']), JSON.stringify([-0, 1e21, '"\ud800']));
  });

  test("what needs a tag is no plain parameter", () => {
    for (const value of [12n, NaN, new Date(5), [1], undefined]) assert.equal(plainParameters(["a", value]), undefined);
  });

  for (const [value, crossed] of [
    [12n, ["n", "12"]],
    [NaN, ["f", "NaN"]],
    [-Infinity, ["f", "-Infinity"]],
    [new Date(5), ["d", 5]],
    [new Decimal("1.50"), ["m", "1.50"]],
    [
      [1, [null, 2n]],
      ["a", [1, ["a", [null, ["n", "2"]]]]],
    ],
    [{ a: [1] }, ["j", '{"a":[1]}']],

    [new String("s"), "s"],
  ] as [unknown, unknown][]) {
    test(`${String(value)} of ${(value as object).constructor.name} crosses as ${JSON.stringify(crossed)}`, () => {
      assert.deepEqual(encodeParameters([value]).values, [crossed]);
    });
  }

  test("bytes travel beside the values", () => {
    const view = new DataView(new Uint8Array([9, 3, 4, 9]).buffer, 1, 2);
    const { values, bytes } = encodeParameters([new Uint8Array([1, 2]), view, new Uint8Array([5]).buffer]);
    assert.deepEqual(values, [
      ["b", 0, 2],
      ["b", 2, 2],
      ["b", 4, 1],
    ]);
    assert.deepEqual([...(bytes ?? [])], [1, 2, 3, 4, 5]);
  });

  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  for (const [value, message] of [
    [undefined, /parameter 2 of the statement is undefined: pass null/],
    [[1, undefined], /parameter 2, \[1\] of the statement is undefined/],
    [() => 1, /parameter 2 of the statement is a function/],
    [new Date(NaN), /parameter 2 of the statement is an invalid Date/],
    [circular, /parameter 2 of the statement can't be written as JSON/],
  ] as [unknown, RegExp][]) {
    test(`${typeof value} is refused: ${message.source}`, () => {
      assert.throws(() => encodeParameters(["fine", value]), { name: "TypeError", message });
    });
  }
});

suite("rows", () => {
  test("values become what their kind says, NULL stays null", () => {
    const make = rowMaker([
      ["plain", ""],
      ["small", "n"],
      ["big", "n"],
      ["at", "d"],
      ["never", "d"],
      ["price", "m"],
      ["odd", "f"],
      ["blob", "b"],
      ["gone", "m"],
    ]);
    const crossed = ["a", 1, "9007199254740993", 5, "-infinity", "1.50", "NaN", { at: 1, length: 2 }, null];
    const row = make(crossed, new Uint8Array([1, 2, 3]));
    assert.deepEqual(row, {
      plain: "a",
      small: 1,
      big: 9007199254740993n,
      at: new Date(5),
      never: -Infinity,
      price: new Decimal("1.50"),
      odd: NaN,
      blob: new Uint8Array([2, 3]),
      gone: null,
    });
    assert.equal(String(row["price"]), "1.50");
  });

  test("arrays of any dimension, composites and ranges are read to their depth", () => {
    const make = rowMaker([
      ["a", ["a", "n"]],
      [
        "o",
        [
          "o",
          [
            ["id", "n"],
            ["at", "d"],
          ],
        ],
      ],
      ["r", ["r", "d"]],
      ["e", ["a", ["r", ""]]],
      ["s", ["a", ""]],
    ]);
    assert.deepEqual(
      make(
        [
          [
            [1, "9007199254740993"],
            [null, 2],
          ],
          { fields: ["9007199254740993", null] },
          { lower: 5, upper: null, flags: 1 },
          ["empty", { lower: 1, upper: 2, flags: 3 }],
          [["x"]],
        ],
        none,
      ),
      {
        a: [
          [1, 9007199254740993n],
          [null, 2],
        ],
        o: { id: 9007199254740993n, at: null },
        r: { empty: false, lower: new Date(5), upper: null, lowerInclusive: true, upperInclusive: false },
        e: [
          { empty: true, lower: null, upper: null, lowerInclusive: false, upperInclusive: false },
          { empty: false, lower: 1, upper: 2, lowerInclusive: true, upperInclusive: true },
        ],
        s: [["x"]],
      },
    );
  });

  test("a column of any name is a property, and of two with one name the later counts", () => {
    const row = rowMaker([
      ["__proto__", ""],
      ['a"b\u2028', ""],
      ["twice", ""],
      ["twice", ""],
    ])([1, 2, 3, 4], none);
    assert.deepEqual(Object.keys(row), ["__proto__", 'a"b\u2028', "twice"]);
    assert.equal(Object.getPrototypeOf(row), Object.prototype);
    assert.equal(row["twice"], 4);
  });
});
