// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { gates } from "../gates.mjs";
import { readOptions } from "../options.mjs";
import { render, table } from "../report.mjs";

/** @typedef {import("../summary.mjs").Row} Row */

/**
 * @param {Row["contestant"]} contestant
 * @param {Row["scenario"]} scenario
 * @param {number} requestsPerSecond
 * @param {Partial<Row>} [changes]
 * @returns {Row}
 */
const row = (contestant, scenario, requestsPerSecond, changes = {}) => ({
  contestant,
  scenario,
  requestsPerSecond,
  p50: 1.5,
  p99: 3.25,
  cpu: 12,
  busiest: { name: "isolate", microseconds: 1.5 },
  isolate: contestant === "ours" ? 1.5 : 0,
  residentBytesBefore: 80 * 2 ** 20,
  residentBytesAfter: 90 * 2 ** 20,
  clientBusy: 0.5,
  errors: 0,
  ...changes,
});

const rows = [
  row("ours", "plain", 100_000),
  row("kestrel", "plain", 110_000),
  row("ours", "validated", 90_000),
  row("bun", "validated", 80_000),
  row("fastify", "validated", 31_000),
  row("express", "validated", 9_000),
];
const starts = [/** @type {const} */ ({ contestant: "ours", milliseconds: 210, residentBytes: 151 * 2 ** 20 })];

/** @param {readonly Row[]} measured */
const results = (measured) => Object.fromEntries(gates(measured, starts).map(({ title, result }) => [title, result]));

test("gates_Rows_PassOrFailEachByItsOwnLimit", () => {
  assert.deepEqual(results(rows), {
    "validated req/s, to Bun + Zod": "pass",
    "validated req/s, to Fastify + Ajv": "fail",
    "validated req/s, to Express + Zod": "pass",
    "plain req/s, to bare Kestrel": "pass",
    "isolate thread per validated request": "pass",
    "start to first answer": "pass",
    "resident memory, idle": "fail",
    "errors in all runs": "pass",
  });
});

test("gates_MissingServer_IsNotMeasured", () => {
  const found = results(rows.filter(({ contestant }) => contestant !== "bun"));

  assert.equal(found["validated req/s, to Bun + Zod"], "not measured");
});

test("gates_NoThreadCalledIsolate_DoesNotPass", () => {
  const found = results([row("ours", "validated", 1, { isolate: 0 })]);

  assert.equal(found["isolate thread per validated request"], "not measured");
});

test("gates_AnyError_Fails", () => {
  assert.equal(results([...rows, row("bun", "plain", 1, { errors: 1 })])["errors in all runs"], "fail");
});

test("render_Report_ShowsRatiosSaturationAndGates", () => {
  const options = readOptions([]);
  assert.notEqual(options, "help");
  const report = {
    machine: { processor: "Test", processors: 2, memoryGiB: 4, kernel: "6.1", load: 1.5 },
    versions: { wrk: "4.1" },
    options: /** @type {import("../options.mjs").Options} */ (options),
    rows: [...rows, row("bun", "plain", 125_000, { clientBusy: 0.99 })],
    starts,
    gates: gates(rows, starts),
  };

  const text = render(report, (name) => name.toUpperCase(), false);

  assert.match(text, /^KESTREL +110,000 +1\.10 × +1\.50 +3\.25 +12\.0 +1\.50 \(isolate\) +80 → 90 +0$/m);
  assert.match(text, /^BUN +125,000\* +1\.25 ×/m);
  assert.match(text, /wrk's thread was saturated/);
  assert.match(text, /not idle \(load 1\.50\)/);
  assert.match(text, /^resident memory, idle +at most 150 MiB +151 MiB +FAIL$/m);
  assert.doesNotMatch(text, /\u001b/);
  assert.match(
    render(report, (name) => name, true),
    /\u001b\[31mFAIL\u001b\[0m/,
  );
});

test("table_Cells_AreAlignedWithoutCountingColours", () => {
  assert.deepEqual(
    table(
      ["", "n"],
      [
        ["long name", "1"],
        ["µs", "\u001b[31m23\u001b[0m"],
      ],
    ),
    ["            n", "long name   1", "µs         \u001b[31m23\u001b[0m"],
  );
});
