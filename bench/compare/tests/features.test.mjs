// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { featureGates } from "../features/limits.mjs";

const rate = (/** @type {number} */ perSecond, isolate = 0) => ({
  title: "",
  perSecond,
  cpu: 1,
  isolate,
  clientBusy: 0.5,
});

const good = {
  echoes: [rate(110), rate(100)],
  files: [rate(95, 0.01), rate(100)],
  middleware: 0.2,
  calls: { internal: 1_000, loopback: 30_000 },
  idle: { outside: 9_000, v8: 4_000 },
};

test("featureGates_AllReached_Pass", () => {
  assert.deepEqual(
    featureGates(good).map(({ actual, result }) => [actual, result]),
    [
      ["1.10 ×", "pass"],
      ["0.95 ×", "pass"],
      ["0.01 µs", "pass"],
      ["0.20 µs", "pass"],
      ["30 ×", "pass"],
      ["9 kB", "pass"],
    ],
  );
});

test("featureGates_NothingReached_Fail", () => {
  const bad = {
    echoes: [rate(99), rate(100)],
    files: [rate(89, 0.2), rate(100)],
    middleware: 0.6,
    calls: { internal: 1_000, loopback: 4_900 },
    idle: { outside: 12_100, v8: 4_000 },
  };
  assert.ok(featureGates(bad).every(({ result }) => result === "fail"));
});

test("featureGates_LeftOut_IsNotMeasured", () => {
  const results = featureGates({ idle: good.idle }).map(({ result }) => result);
  assert.deepEqual(results, ["not measured", "not measured", "not measured", "not measured", "not measured", "pass"]);
});
