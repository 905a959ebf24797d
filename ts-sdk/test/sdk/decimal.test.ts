import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Decimal, type ToDecimal } from "../../src/types/index.js";

suite("Decimal", () => {
  for (const [given, value] of [
    ["1.50", "1.50"],
    ["-1.50", "-1.50"],
    ["+2", "2"],
    ["007", "7"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-0", "0"],
    ["-0.00", "0.00"],
    ["1e3", "1000"],
    ["1.25E+1", "12.5"],
    ["12e-3", "0.012"],
    [0.1, "0.1"],
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [-12n, "-12"],
    ["123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"],
  ] satisfies [ToDecimal, string][]) {
    test(`${typeof given} ${given} is ${value}`, () => {
      assert.equal(new Decimal(given).value, value);
    });
  }

  for (const given of [
    "",
    " ",
    "abc",
    "1,5",
    "0x10",
    "1e",
    "e5",
    ".",
    "--1",
    "1 2",
    "Infinity",
    NaN,
    Infinity,
    "1e10000",
  ])
    test(`${JSON.stringify(given)} is none`, () => {
      assert.throws(() => new Decimal(given), RangeError);
    });

  test("sums, differences and products are exact", () => {
    assert.equal(new Decimal("0.1").add("0.2").value, "0.3");
    assert.equal(new Decimal(0.1).add(0.2).value, "0.3");
    assert.equal(new Decimal("1.50").add("1.5").value, "3.00");
    assert.equal(new Decimal("9007199254740993").sub(new Decimal(1)).value, "9007199254740992");
    assert.equal(new Decimal("0.1").sub("0.10").value, "0.00");
    assert.equal(new Decimal("1.1").mul("-1.1").value, "-1.21");
    assert.equal(
      new Decimal("99999999999999999999").mul(99999999999999999999n).value,
      "9999999999999999999800000000000000000001",
    );
  });

  test("a quotient that ends is exact, without zeros at its end", () => {
    assert.equal(new Decimal(1).div(8).value, "0.125");
    assert.equal(new Decimal("10.0").div("2.5").value, "4");
    assert.equal(new Decimal(-7).div(2).value, "-3.5");
    assert.equal(new Decimal(0).div(3).value, "0");
    assert.equal(new Decimal("1e200").div("1e-50").value, `1${"0".repeat(250)}`);
    assert.equal(new Decimal(1).div("1e120").value, `0.${"0".repeat(119)}1`);
  });

  test("a quotient that doesn't end has a hundred digits, rounded half to even", () => {
    assert.equal(new Decimal(1).div(3).value, `0.${"3".repeat(100)}`);
    assert.equal(new Decimal(2).div(3).value, `0.${"6".repeat(99)}7`);
    assert.equal(new Decimal(200).div(3).value, `66.${"6".repeat(97)}7`);
    // 101 digits that end in 5: the half that goes to the even neighbour, down and up.
    assert.equal(new Decimal(`1${"0".repeat(98)}25`).div(10).value, `1${"0".repeat(98)}2`);
    assert.equal(new Decimal(`1${"0".repeat(98)}35`).div(10).value, `1${"0".repeat(98)}4`);
  });

  test("a division by zero is an error", () => {
    assert.throws(() => new Decimal(1).div("0.00"), /can't be divided by zero/);
  });

  test("quotients agree with an independent calculation", () => {
    let state = 42n;
    const next = (): bigint =>
      (state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n)) >> 20n;
    for (let i = 0; i < 500; i++) {
      const [left, right] = [next() - (1n << 43n), next() + 1n];
      const { value } = new Decimal(left).div(right);
      // |value × right − left| is at most half a unit of the last digit, times the divisor.
      const [, , fraction = ""] = /^(-?\d+)(?:\.(\d+))?$/.exec(value) ?? [];
      const scale = 10n ** BigInt(fraction.length);
      const error = BigInt(value.replace(".", "")) * right - left * scale;
      assert.ok((error < 0n ? -error : error) * 2n <= right, `${left} / ${right} = ${value}`);
    }
  });

  test("it never changes", () => {
    const one = new Decimal(1);
    one.add(1);
    one.mul(5);
    assert.equal(one.value, "1");
  });

  test("as text, number and JSON", () => {
    const price = new Decimal("1.50");
    assert.equal(JSON.stringify({ price }), '{"price":"1.50"}');
    assert.equal(price[Symbol.toPrimitive]("default"), "1.50");
    assert.equal(+price, 1.5);
    assert.equal(String(price), "1.50");
  });
});
