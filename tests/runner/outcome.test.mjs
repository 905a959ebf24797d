// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { closingLine, failure, judge, total } from "./outcome.mjs";

const good = { passed: 3, failed: 0, skipped: 1 };

test("judge: tests that passed and a clean exit are taken as reported", () => {
  assert.deepEqual(judge(good, 0), good);
});

test("judge: a bad exit without a failed test is a failure", () => {
  assert.deepEqual(judge(good, 7), { ...good, failed: 1, problem: "exit code 7 although no test failed" });
});

test("judge: failed tests are counted once, with the bad exit they cause", () => {
  const reported = { passed: 3, failed: 2, skipped: 0 };
  assert.deepEqual(judge(reported, 1), reported);
});

test("judge: no test at all is a failure", () => {
  assert.equal(judge({ passed: 0, failed: 0, skipped: 5 }, 0).failed, 1);
});

test("judge: no report is a failure, whatever the exit code", () => {
  assert.equal(judge(undefined, 0).failed, 1);
});

test("closingLine: sums of all suites", () => {
  assert.equal(closingLine(total([good, good, failure("crashed")])), "6 passed, 1 failed");
});
