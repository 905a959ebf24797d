import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Isolate } from "./isolate.js";

const isolate = new Isolate();

/** What a date becomes in JSON, in the isolate. */
const json = (expression: string): unknown => isolate.run(`JSON.stringify(${expression}) ?? "undefined"`);

suite("dates as JSON", () => {
  test("are what toISOString says, at every border and at random", () => {
    const wrong = isolate.run(`(() => {
      const borders = [0, 1, 999, 1000, 59_999, 3_599_999, 86_399_999, 86_400_000, 951_782_400_000, 253_402_300_799_999, 8.64e15];
      const times = borders.flatMap((time) => [time - 1, time, time + 1]).flatMap((time) => [time, -time]);
      times.push(-62_167_219_200_000, -62_167_219_200_001, -62_167_219_199_999);
      let seed = 7;
      const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
      for (let i = 0; i < 20_000; i++) times.push(Math.floor((random() - 0.5) * (i % 2 === 0 ? 6e14 : 1.7e16)));
      return times.filter((time) => {
        const date = new Date(time);
        return date.toJSON() !== (Number.isNaN(date.getTime()) ? null : date.toISOString());
      });
    })()`);
    assert.deepEqual(wrong, []);
  });

  test("invalid ones are null", () => {
    assert.equal(json("[new Date(NaN)]"), "[null]");
  });

  test("a method of one's own is asked", () => {
    assert.equal(json("Object.assign(new Date(0), { toISOString: () => 'own' })"), '"own"');
    assert.equal(json("new (class extends Date { toISOString() { return 'sub' } })(0)"), '"sub"');
    assert.equal(json("new (class extends Date {})(0)"), '"1970-01-01T00:00:00.000Z"');
  });

  test("what is no date is what it is for the engine", () => {
    assert.equal(isolate.run("Date.prototype.toJSON.call({ valueOf: () => 1, toISOString: () => 'made' })"), "made");
    for (const value of ["null", "Object.create(Date.prototype)"]) {
      assert.equal(
        isolate.run(`(() => { try { Date.prototype.toJSON.call(${value}) } catch (error) { return error.name } })()`),
        "TypeError",
      );
    }
    assert.deepEqual(
      isolate.run("[Date.prototype.toJSON.name, Date.prototype.toJSON.length, Object.keys(Date.prototype)]"),
      ["toJSON", 1, []],
    );
  });
});
