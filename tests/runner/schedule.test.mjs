// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { schedule } from "./schedule.mjs";

test("schedule: never more than its width at a time, results in the jobs' order", async () => {
  let running = 0;
  let most = 0;
  const job = (/** @type {number} */ index) => async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return index;
  };
  assert.deepEqual(await schedule([0, 1, 2, 3, 4].map(job), 2), [0, 1, 2, 3, 4]);
  assert.equal(most, 2);
});

test("schedule: fewer jobs than its width", async () => {
  assert.deepEqual(await schedule([() => Promise.resolve("only")], 2), ["only"]);
});
