// @ts-check
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readTap, readTrx } from "./reports.mjs";

test("readTap: what node's reporter writes", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "encore-host-tap-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, "sample.test.mjs");
  writeFileSync(
    file,
    `import { test } from "node:test";
     console.log("# pass 99");
     test("good", () => {});
     test("bad", () => { throw new Error("bad"); });
     test("left out", { skip: true }, () => {});`,
  );
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", file], { env, encoding: "utf8" });
  assert.deepEqual(readTap(stdout), { passed: 1, failed: 1, skipped: 1 });
});

test("readTap: a report without its end is none", () => {
  assert.equal(readTap("TAP version 13\nok 1 - good\n"), undefined);
});

test("readTrx: everything that ran and did not pass failed", () => {
  const counters = `<Counters total="7" executed="6" passed="3" failed="1" error="1" timeout="1" aborted="0" />`;
  const trx = `<TestRun><ResultSummary outcome="Failed">${counters}</ResultSummary></TestRun>`;
  assert.deepEqual(readTrx(trx), { passed: 3, failed: 3, skipped: 1 });
});

test("readTrx: a report without counters is none", () => {
  assert.equal(readTrx("<TestRun>"), undefined);
});
