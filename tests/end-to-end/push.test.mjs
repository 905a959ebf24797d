// @ts-check
import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { path, program } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { account, audience, startEmulator, startGateway, token } from "./support/google-push.mjs";
import { Server } from "./support/server.mjs";

const patienceMilliseconds = 60_000;
const prefix = "/__encore/pubsub/push/";

suite("an application whose messages Google Cloud Pub/Sub pushes", () => {
  const owner = suiteOwner(after);
  const folder = temporaryFolder({ after });
  const app = join(folder, "messages");
  /** @type {Awaited<ReturnType<typeof startGateway>>} */
  let gateway;
  /** @type {Server} */
  let server;
  /** @type {Record<string, string>} */
  let env;

  /** @param {string} file @param {object} [change] of the broker */
  const configure = (file, change = {}) => {
    const push = (/** @type {string} */ id) => ({ id, service_account: account, jwt_audience: audience });
    const broker = {
      type: "gcp_pubsub",
      project_id: "tests",
      push_keys_url: `${gateway.origin}/keys`,
      topics: {
        parcels: {
          name: "parcels",
          subscriptions: { kept: { name: "parcels-kept", push_config: push("kept at home") } },
        },
        chores: {
          name: "chores",
          subscriptions: {
            stubborn: { name: "chores-stubborn", push_config: push("stubborn") },
            other: { name: "chores-other" },
          },
        },
      },
      ...change,
    };
    writeFileSync(file, JSON.stringify({ metadata: { base_url: `${gateway.origin}/` }, pubsub: [broker] }));
    return file;
  };

  before(async () => {
    cpSync(path("tests/end-to-end/applications/messages"), app, { recursive: true });
    mkdirSync(join(app, "node_modules/@types"), { recursive: true });
    symlinkSync(path("node_modules/@types/node"), join(app, "node_modules/@types/node"));
    gateway = await startGateway(owner);
    env = { PUBSUB_EMULATOR_HOST: await startEmulator(owner, folder) };
    const config = configure(join(folder, "infra.json"));
    server = await Server.start(owner, program, ["run", "messages", "--port", "0", "--infra-config", config], {
      cwd: folder,
      env,
    });
    gateway.target = server.origin;
  });

  /** @param {string} target @param {unknown} body */
  const post = async (target, body) => {
    const response = await server.fetch(target, { method: "POST", body: JSON.stringify(body) });
    assert.equal(response.status, 200, await response.clone().text());
    return /** @type {Promise<Record<string, unknown>>} */ (response.json());
  };

  /**
   * @template T
   * @param {() => Promise<T>} read
   * @param {(value: T) => boolean} isIt
   */
  const until = async (read, isIt) => {
    const end = performance.now() + patienceMilliseconds;
    let value = await read();
    while (!isIt(value) && performance.now() < end) {
      await delay(50);
      value = await read();
    }
    assert.ok(
      isIt(value),
      `${JSON.stringify(value)}, answers ${gateway.statuses.join()}\n${server.lines.slice(-20).join("\n")}`,
    );
    return value;
  };

  /** @param {string} key */
  const handled = async (key) => /** @type {{ numbers: number[] }} */ (await server.json(`/handled/${key}`)).numbers;

  /** @param {string} number @param {string} [key] */
  const parcel = (number, key = "foreign") => ({
    message: {
      data: Buffer.from(
        JSON.stringify({ key, number: Number(number), at: "2026-01-02T03:04:05Z", price: "1", big: "2" }),
      ).toString("base64"),
      messageId: number,
      publishTime: new Date().toISOString(),
      attributes: { key },
    },
    subscription: "projects/tests/subscriptions/parcels-kept",
  });

  /**
   * @param {string} id
   * @param {string | undefined} authorization
   * @param {unknown} body
   * @param {string} [method]
   */
  const push = async (id, authorization, body, method = "POST") => {
    const response = await server.fetch(prefix + id, {
      method,
      headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
      ...(method === "GET" ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    await response.text();
    return response.status;
  };

  test("messages arrive, in the order of their keys", async () => {
    await post("/parcels", { key: "order", from: 0, count: 40 });
    const numbers = await until(
      () => handled("order"),
      (found) => found.length >= 40,
    );
    assert.deepEqual(numbers, [...Array(40).keys()]);
    assert.ok(
      gateway.statuses.every((status) => status === 204),
      gateway.statuses.join(),
    );
  });

  test("a message whose handler fails comes again, becomes a dead letter, and can be replayed", async () => {
    await post("/chores", { what: "sweep" });
    const config = join(folder, "infra.json");
    const dead = async (/** @type {string[]} */ ...args) => {
      const done = await finish(program, ["pubsub", "dead", ...args, "--app", "messages", "--infra-config", config], {
        cwd: folder,
        env,
      });
      assert.equal(done.code, 0, done.stderr);
      return done.stdout;
    };
    const list = await until(
      () => dead("list"),
      (text) => text.includes("can't sweep"),
    );
    assert.match(list, /chores\/stubborn/);
    assert.deepEqual(await post("/attempts", { heals: true }), { attempts: 3 });
    await dead("replay", "chores/stubborn", "--all");
    await until(
      () => post("/attempts", { heals: true }),
      ({ attempts }) => attempts === 4,
    );
  });

  test("only what Google has signed for the subscription reaches a handler", async () => {
    const kept = encodeURIComponent("kept at home");
    assert.equal(await push(kept, undefined, parcel("1")), 401);
    assert.equal(await push(kept, "Bearer x.y.z", parcel("1")), 401);
    assert.equal(await push(kept, `Bearer ${token({ aud: "https://other.example.com" })}`, parcel("1")), 401);
    assert.equal(await push(kept, `Bearer ${token({ exp: 1_700_000_000 })}`, parcel("1")), 401);
    assert.equal(await push(kept, `Bearer ${token().slice(0, -8)}AAAAAAAA`, parcel("1")), 401);
    const good = `Bearer ${token()}`;
    assert.equal(await push("nobody", good, parcel("1")), 404);
    assert.equal(await push("", good, parcel("1")), 404);
    assert.equal(await push(kept, good, "", "GET"), 404);
    assert.equal(await push(kept, good, "garbage"), 400);
    assert.equal(await push("stubborn", good, parcel("1")), 400);
    // Refused before it is read: its sender may find the connection closed before the answer.
    assert.equal(await push(kept, good, "x".repeat(17 * 1024 * 1024)).catch(() => 413), 413);
    assert.deepEqual(await handled("foreign"), []);
    assert.equal(await push(kept, good, parcel("2")), 204);
    assert.deepEqual(await handled("foreign"), [2]);
    assert.ok(
      server.lines.some((line) => line.includes("pushed message refused") && line.includes("carries no token")),
    );
  });

  test("a configuration that can't be followed is told at the start", async () => {
    const run = (/** @type {object} */ change) =>
      finish(
        program,
        ["run", "messages", "--port", "0", "--infra-config", configure(join(folder, "wrong.json"), change)],
        { cwd: folder, env },
      );
    const unsafe = await run({ push_keys_url: "http://keys.example.com/" });
    assert.match(unsafe.stderr, /^error: pubsub\[0\]\.push_keys_url: .*https/m);
    const push_config = { id: "a", service_account: account, jwt_audience: audience };
    const twice = await run({
      topics: {
        parcels: { name: "parcels", subscriptions: { kept: { name: "x", push_config } } },
        chores: {
          name: "chores",
          subscriptions: { stubborn: { name: "y", push_config }, other: { name: "z" } },
        },
      },
    });
    assert.match(twice.stderr, /pubsub\[0\]\.topics\.chores\.subscriptions\.stubborn\.push_config\.id/);
    assert.notEqual(twice.code, 0);
  });
});
