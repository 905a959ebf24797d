// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDriver } from "../pubsub/app/driver.mjs";
import { medians, report } from "../pubsub/report.mjs";

/** @typedef {import("../pubsub/app/driver.d.mts").DrivenMessage} DrivenMessage */

test("a run publishes every message, counts each once and keeps within its window", async () => {
  let open = 0;
  let most = 0;
  /** @type {DrivenMessage[]} */
  const seen = [];
  const driver = createDriver(async (message) => {
    most = Math.max(most, ++open);
    seen.push(message);
    setImmediate(() => {
      open--;
      driver.handled(message);
      // At least once may be twice.
      if (message.number % 10 === 0) driver.handled(message);
    });
  });

  const first = await driver.run(95, 20);
  assert.deepEqual([first.handled, first.duplicates, first.errors], [95, 10, 0]);
  assert.equal(most, 20);
  assert.ok(first.p50 <= first.p99 && first.p99 >= 0);
  assert.deepEqual(new Set(seen.map(({ number }) => number)).size, 95);
  assert.ok(seen.every((message) => Math.abs(JSON.stringify(message).length - 100) <= 4));

  // What comes late of an earlier run isn't counted; number 0 comes twice again.
  const late = /** @type {DrivenMessage} */ (seen[0]);
  const second = driver.run(3, 1);
  driver.handled(late);
  assert.deepEqual([(await second).handled, (await second).duplicates], [3, 1]);
});

test("messages that can't be published are errors, and the run ends", async () => {
  const driver = createDriver(async (message) => {
    if (message.number % 2 === 0) throw new Error("no");
    setImmediate(() => driver.handled(message));
  });

  const figures = await driver.run(10, 4);
  assert.deepEqual([figures.handled, figures.errors], [5, 5]);
});

const measurement = {
  seconds: 1,
  handled: 100,
  duplicates: 1,
  errors: 0,
  p50: 1,
  p99: 40,
  perSecond: 20_000,
  script: 10,
  cpu: 30,
};
const machine = { processor: "x", processors: 2, memoryGiB: 8, kernel: "6", load: 0 };
const options = { rounds: 3, window: 1000, quick: false };

test("medians are of speeds and times, sums of errors and duplicates", () => {
  const all = [measurement, { ...measurement, perSecond: 50_000, errors: 2 }, { ...measurement, perSecond: 30_000 }];
  const { perSecond, errors, duplicates } = medians(all);
  assert.deepEqual([perSecond, errors, duplicates], [30_000, 2, 3]);
});

test("a gate that isn't reached fails the report, and says so", () => {
  const ours = { title: "encore-host", ...measurement };
  const rival = { title: "ioredis", ...measurement, perSecond: 10_000, script: 25 };
  const slow = report([{ broker: "redis", messages: 100, version: "", rows: [ours, rival] }], machine, options);
  assert.equal(slow.passes, false);
  assert.match(slow.text, /redis: handled +30,000\/s +20,000\/s +FAIL/);
  assert.match(slow.text, /redis: handled, to ioredis +1\.5 × +2\.00 × +pass/);
  assert.match(slow.text, /redis: script thread, to ioredis's +at most 0\.5 × +0\.40 × +pass/);

  assert.equal(
    report([{ broker: "embedded", messages: 100, version: "", rows: [ours] }], machine, options).passes,
    true,
  );
  const late = report(
    [{ broker: "embedded", messages: 100, version: "", rows: [{ ...ours, p99: 51 }] }],
    machine,
    options,
  );
  assert.match(late.text, /embedded: p99 +50 ms +51\.0 ms +FAIL/);
  const lossy = report(
    [{ broker: "embedded", messages: 100, version: "", rows: [{ ...ours, errors: 1 }] }],
    machine,
    options,
  );
  assert.equal(lossy.passes, false);
});
