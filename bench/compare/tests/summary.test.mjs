// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { median } from "../statistics.mjs";
import { summarise, summariseStarts } from "../summary.mjs";

test("median_OddAndEvenCounts_TakesTheMiddle", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([100, 2, 30]), 30);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test("median_NoValues_Throws", () => {
  assert.throws(() => median([]), RangeError);
});

/**
 * @param {number} round
 * @param {Partial<import("../measure.mjs").Measurement>} changes
 * @returns {import("../measure.mjs").Measurement}
 */
const measurement = (round, changes) => ({
  contestant: "ours",
  scenario: "plain",
  round,
  requests: 1000,
  requestsPerSecond: 100,
  p50: 1,
  p99: 2,
  errors: 0,
  clientBusy: 0.5,
  cpu: 10,
  threads: [{ name: "isolate", microseconds: 2 }],
  isolate: 2,
  residentBytesBefore: 50,
  residentBytesAfter: 60,
  ...changes,
});

test("summarise_Rounds_TakesMediansButAddsErrors", () => {
  const [row, ...rest] = summarise([
    measurement(1, { requestsPerSecond: 100, p99: 9, errors: 1 }),
    measurement(2, { requestsPerSecond: 300, p99: 2, errors: 0 }),
    measurement(3, { requestsPerSecond: 200, p99: 3, errors: 2, threads: [{ name: "gc", microseconds: 5 }] }),
  ]);

  assert.equal(rest.length, 0);
  assert.equal(row?.requestsPerSecond, 200);
  assert.equal(row.p99, 3);
  assert.equal(row.errors, 3);
  assert.deepEqual(row.busiest, { name: "gc", microseconds: 2 });
});

test("summarise_ScenariosAndContestants_AreKeptApart", () => {
  const rows = summarise([
    measurement(1, {}),
    measurement(1, { contestant: "bun" }),
    measurement(1, { scenario: "validated" }),
    measurement(2, { contestant: "bun" }),
  ]);

  assert.deepEqual(
    rows.map(({ contestant, scenario }) => `${scenario} ${contestant}`),
    ["plain ours", "plain bun", "validated ours"],
  );
});

test("summariseStarts_Starts_TakesMedians", () => {
  const starts = summariseStarts([
    { contestant: "ours", milliseconds: 300, residentBytes: 3 },
    { contestant: "bun", milliseconds: 50, residentBytes: 1 },
    { contestant: "ours", milliseconds: 100, residentBytes: 5 },
    { contestant: "ours", milliseconds: 200, residentBytes: 4 },
  ]);

  assert.deepEqual(starts, [
    { contestant: "ours", milliseconds: 200, residentBytes: 4 },
    { contestant: "bun", milliseconds: 50, residentBytes: 1 },
  ]);
});
