// @ts-check
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { path, program } from "../../scripts/repository.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { tree } from "./support/processes.mjs";
import { Server } from "./support/server.mjs";

const patienceMilliseconds = 60_000;

/** @typedef {{ begun: number, ended: number, quick: number, endless: number }} Counts */

suite("topics under load", () => {
  const owner = suiteOwner(after);
  const folder = temporaryFolder({ after });
  /** @type {Server} */
  let server;

  before(async () => {
    const app = join(folder, "flood");
    cpSync(path("tests/end-to-end/applications/flood"), app, { recursive: true });
    mkdirSync(join(app, "node_modules/@types"), { recursive: true });
    symlinkSync(path("node_modules/@types/node"), join(app, "node_modules/@types/node"));
    server = await Server.start(owner, program, ["run", "flood", "--port", "0"], { cwd: folder });
  });

  /**
   * @param {string} target
   * @param {object} [body]
   */
  const post = async (target, body = {}) => {
    const response = await server.fetch(target, { method: "POST", body: JSON.stringify(body) });
    assert.equal(response.status, 200, await response.text());
  };

  const state = async () => /** @type {Counts} */ (await server.json("/state"));

  /** @param {(counts: Counts) => boolean} isIt */
  const until = async (isIt) => {
    const end = performance.now() + patienceMilliseconds;
    let counts = await state();
    while (!isIt(counts) && performance.now() < end) {
      await delay(20);
      counts = await state();
    }
    assert.ok(isIt(counts), JSON.stringify(counts));
    return counts;
  };

  /** The memory of the host and of all below it, in MiB. */
  const residentMebibytes = () => {
    const kibibytes = tree(server.pid).map((pid) =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0),
    );
    return kibibytes.reduce((sum, own) => sum + own, 0) / 1024;
  };

  test("handlers that keep the thread busy without end starve neither HTTP nor another topic", async () => {
    await post("/begin");
    await until(({ endless }) => endless > 0);
    await post("/hurry", { count: 100 });
    const { endless } = await until(({ quick }) => quick === 100);
    await until((counts) => counts.endless > endless);
    await post("/stop");
  });

  test("publishing that outruns handling fills the disk, not the memory, and keeps nothing else waiting", async (context) => {
    await post("/fill", { count: 2_000, bytes: 10_000 });
    await until(({ begun }) => begun === 50);
    const before = residentMebibytes();
    await post("/fill", { count: 18_000, bytes: 10_000 });

    // One look may come right before the collectors', whose garbage isn't kept: what is kept shows in every look.
    let grown = residentMebibytes() - before;
    for (let look = 0; look < 5; look++) {
      await post("/fill", { count: 4_000, bytes: 10_000 });
      grown = Math.min(grown, residentMebibytes() - before);
    }

    context.diagnostic(`grown by ${grown.toFixed(0)} MiB`);
    assert.ok(grown < 140, `180 to 380 MB wait on disk; the memory has grown by ${grown.toFixed(0)} MiB`);

    const { quick } = await state();
    await post("/hurry", { count: 100 });
    const counts = await until((counts) => counts.quick === quick + 100);
    assert.deepEqual([counts.begun, counts.ended], [50, 0]);
  });

  test("released, all that has waited is handled", async () => {
    await post("/release");
    await until(({ ended }) => ended === 40_000);
    assert.equal(await server.stop(), 0);
  });
});
