// @ts-check
import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { path, program } from "../../scripts/repository.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { survivors, tree } from "./support/processes.mjs";
import { Server } from "./support/server.mjs";

/** Longer than a cancelled statement takes to end, even while other tests use the processors. */
const patienceMilliseconds = 30_000;

suite("an application with a database", () => {
  const owner = suiteOwner(after);
  const folder = temporaryFolder({ after });
  const app = join(folder, "notes");
  /** @type {Server} */
  let server;

  const start = () => Server.start(owner, program, ["run", "notes", "--port", "0"], { cwd: folder });

  before(async () => {
    cpSync(path("tests/end-to-end/applications/notes"), app, { recursive: true });
    mkdirSync(join(app, "node_modules/@types"), { recursive: true });
    symlinkSync(path("node_modules/@types/node"), join(app, "node_modules/@types/node"));
    server = await start();
  });

  /** @param {string} text */
  const add = async (text) => {
    const response = await server.fetch("/notes", { method: "POST", body: JSON.stringify({ text }) });
    return /** @type {{ id: number, failure: string }} */ (await response.json());
  };

  /** @param {{ notes: number, busy: number }} wanted */
  const untilState = async (wanted) => {
    const end = performance.now() + patienceMilliseconds;
    let state = await server.json("/state");
    while (JSON.stringify(state) !== JSON.stringify(wanted) && performance.now() < end) {
      await delay(20);
      state = await server.json("/state");
    }
    assert.deepEqual(state, wanted);
  };

  test("rows are kept, and what PostgreSQL refuses is an error with its facts", async () => {
    assert.deepEqual(await add("first"), { id: 1, failure: "" });
    assert.deepEqual(await add("first"), { id: 0, failure: "23505 notes_text_key" });
    assert.deepEqual(await server.json("/state"), { notes: 1, busy: 0 });
  });

  test("values arrive exact, both ways", async () => {
    assert.deepEqual(await server.json("/values"), {
      big: "9007199254740993",
      price: "1.75",
      bytes: true,
      at: "1970-01-01T00:00:00.000Z",
      texts: ["a", null, 'b"\\'],
      json: { a: [1] },
      list: [1, 2],
      range: { empty: false, lower: 1, upper: 5, lowerInclusive: true, upperInclusive: false },
      never: true,
      text: "'; DROP TABLE notes --",
    });
  });

  test("COPY, streams of rows, connections, savepoints", async () => {
    assert.deepEqual(await server.json("/many/5000"), { copied: 5000, streamed: 5001, kept: 5000 });
  });

  test("notifications", async () => {
    assert.deepEqual(await server.json("/notified"), { channel: "notes", payload: "hello" });
  });

  for (const [target, what] of [
    ["/hold", "its statement is cancelled, its transaction undone"],
    ["/forget", "the transaction that its handler never ends is undone"],
  ]) {
    test(`a client that leaves: ${what}`, async () => {
      const leaving = new AbortController();
      const request = server.fetch(String(target), { signal: leaving.signal });
      await untilState({ notes: 1, busy: 1 });
      leaving.abort();
      await assert.rejects(request, { name: "AbortError" });
      await untilState({ notes: 1, busy: 0 });
    });
  }

  test("what was answered survives kill -9 of the host, and nothing of it is left behind", async () => {
    const processes = tree(server.pid);
    assert.equal((await add("second")).failure, "");
    server.signalGroup("SIGKILL");
    await server.ended;
    assert.deepEqual(await survivors(processes), []);

    server = await start();
    await untilState({ notes: 2, busy: 0 });
    assert.equal(await server.stop(), 0);
  });
});
