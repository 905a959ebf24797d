// @ts-check
import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { path, program } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { Server } from "./support/server.mjs";

/** Longer than a message takes after a crash, while other tests use the processors. */
const patienceMilliseconds = 60_000;

suite("an application with topics", () => {
  const owner = suiteOwner(after);
  const folder = temporaryFolder({ after });
  const app = join(folder, "messages");
  /** @type {Server} */
  let server;

  const start = () => Server.start(owner, program, ["run", "messages", "--port", "0"], { cwd: folder });

  before(async () => {
    cpSync(path("tests/end-to-end/applications/messages"), app, { recursive: true });
    mkdirSync(join(app, "node_modules/@types"), { recursive: true });
    symlinkSync(path("node_modules/@types/node"), join(app, "node_modules/@types/node"));
    server = await start();
  });

  /**
   * @param {string} target
   * @param {unknown} body
   */
  const post = async (target, body) => {
    const response = await server.fetch(target, { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    /** @type {unknown} */
    const value = text === "" ? {} : JSON.parse(text);
    return /** @type {Record<string, unknown>} */ (value);
  };

  /** @param {string} key */
  const handled = async (key) =>
    /** @type {{ numbers: number[], values: unknown[] }} */ (await server.json(`/handled/${key}`));

  /**
   * @template T
   * @param {() => Promise<T>} read
   * @param {(value: T) => boolean} isIt
   */
  const until = async (read, isIt) => {
    const end = performance.now() + patienceMilliseconds;
    let value = await read();
    while (!isIt(value) && performance.now() < end) {
      await delay(20);
      value = await read();
    }
    assert.ok(isIt(value), JSON.stringify(value));
    return value;
  };

  /** @param {string[]} args */
  const dead = async (...args) => {
    const { code, stdout, stderr } = await finish(program, ["pubsub", "dead", ...args], { cwd: app });
    assert.equal(code, 0, stderr);
    return stdout;
  };

  test("values arrive as they were published, and handlers know the message", async () => {
    const { ids } = await post("/parcels", { key: "values", from: 7, count: 1 });
    assert.equal(/** @type {string[]} */ (ids).length, 1);
    const { numbers, values } = await until(
      () => handled("values"),
      ({ values }) => values.length > 0,
    );
    assert.deepEqual(numbers, [7]);
    assert.deepEqual(values, [
      {
        types: [true, true, "bigint"],
        values: ["2026-01-02T03:04:05.678Z", "1.10", "1152921504606846976"],
        topic: ["parcels", "kept", 1],
      },
    ]);
  });

  test("messages of one key keep their order", async () => {
    await post("/parcels", { key: "order", from: 0, count: 200 });
    const { numbers } = await until(
      () => handled("order"),
      ({ numbers }) => numbers.length >= 200,
    );
    assert.deepEqual(numbers, [...Array(200).keys()]);
  });

  test("a message that isn't what its topic declares is refused where it is published", async () => {
    assert.deepEqual(await server.json("/wrong"), {
      failure:
        "PublishError: the message isn't what topic chores declares: /what: invalid type: integer `5`, expected a string",
    });
  });

  test("with a transaction, published if and only if it commits", async () => {
    assert.deepEqual(await post("/within", { key: "undone", commits: false }), { failed: true });
    assert.deepEqual(await post("/within", { key: "kept", commits: true }), { failed: true });
    const { numbers } = await until(
      () => handled("kept"),
      ({ numbers }) => numbers.length >= 2,
    );
    assert.deepEqual(numbers, [0, 1]);
    assert.deepEqual((await handled("undone")).numbers, []);
  });

  test("delivered later", async () => {
    await post("/later", { key: "later", milliseconds: 1_500 });
    await post("/parcels", { key: "sooner", from: 1, count: 1 });
    await until(
      () => handled("sooner"),
      ({ numbers }) => numbers.length === 1,
    );
    assert.deepEqual((await handled("later")).numbers, []);
    await until(
      () => handled("later"),
      ({ numbers }) => numbers.length === 1,
    );
  });

  test("what fails for good is a dead letter, to be shown, replayed and deleted", async () => {
    const { id } = await post("/chores", { what: "iron" });
    await server.line((line) => line.includes("message became a dead letter"));
    assert.deepEqual(await post("/attempts", { heals: false }), { attempts: 3 });

    const list = await dead("list", "chores");
    assert.match(list, /^chores\/other {2}0 dead$/m);
    const [, letter] =
      /^chores\/stubborn {2}1 dead\n {2}(\S+) {2}\S+Z {2}3 attempts {2}failed: Error: can't iron$/m.exec(list) ??
      assert.fail(list);
    /** @type {unknown} */
    const value = JSON.parse(await dead("show", "chores/stubborn", String(letter)));
    const shown = /** @type {Record<string, unknown>} */ (value);
    assert.deepEqual(
      [shown["messageId"], shown["attempts"], shown["cause"], shown["reason"], shown["body"]],
      [id, 3, "failed", "Error: can't iron", { what: "iron" }],
    );

    await post("/attempts", { heals: true });
    assert.equal(await dead("replay", "chores/stubborn", "--all"), "chores/stubborn  1 replayed\n");
    await until(
      () => post("/attempts", { heals: true }),
      ({ attempts }) => attempts === 4,
    );
    assert.match(await dead("list", "chores/stubborn"), /^chores\/stubborn {2}0 dead$/m);
    assert.equal(await dead("purge", "chores/stubborn", "--all"), "chores/stubborn  0 deleted\n");
  });

  test("what was published survives kill -9 of the host", async () => {
    const sending = post("/parcels", { key: "crash", from: 0, count: 300 });
    await sending;
    server.signalGroup("SIGKILL");
    await server.ended;

    server = await start();
    const { numbers } = await until(
      () => handled("crash"),
      ({ numbers }) => new Set(numbers).size === 300,
    );
    const firsts = numbers.filter((number, index) => numbers.indexOf(number) === index);
    assert.deepEqual(firsts, [...Array(300).keys()]);
    assert.equal(await server.stop(), 0);
  });
});
