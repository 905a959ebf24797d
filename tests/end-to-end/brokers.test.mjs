// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { path, program } from "../../scripts/repository.mjs";
import { finish } from "./support/command.mjs";
import { suiteOwner, temporaryFolder } from "./support/environment.mjs";
import { freePort, untilListening } from "./support/ports.mjs";
import { Server } from "./support/server.mjs";

const patienceMilliseconds = 60_000;

suite("an application on the brokers that its configuration names", () => {
  const owner = suiteOwner(after);
  const folder = temporaryFolder({ after });
  const app = join(folder, "messages");

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {number} port
   */
  const startBroker = async (command, args, port) => {
    const child = spawn(command, args, { stdio: "ignore", cwd: folder });
    owner.after(() => child.kill("SIGKILL"));
    await untilListening(port);
  };

  /** @param {object[]} pubsub */
  const configure = (pubsub) => {
    const file = join(folder, `infra-${String(Math.random()).slice(2)}.json`);
    writeFileSync(file, JSON.stringify({ pubsub }, null, 2));
    return file;
  };

  before(() => {
    cpSync(path("tests/end-to-end/applications/messages"), app, { recursive: true });
    mkdirSync(join(app, "node_modules/@types"), { recursive: true });
    symlinkSync(path("node_modules/@types/node"), join(app, "node_modules/@types/node"));
  });

  /** @type {Record<string, () => Promise<object>>} */
  const brokers = {
    postgres: () => Promise.resolve({ type: "postgres", database: "messages" }),
    nats: async () => {
      const port = await freePort();
      await startBroker(
        "nats-server",
        ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", join(folder, "nats")],
        port,
      );
      return { type: "nats", url: `nats://127.0.0.1:${String(port)}` };
    },
    redis_streams: async () => {
      const port = await freePort();
      const args = ["--bind", "127.0.0.1", "--port", String(port), "--appendonly", "yes", "--dir", folder];
      await startBroker("redis-server", args, port);
      return { type: "redis_streams", host: `127.0.0.1:${String(port)}` };
    },
  };

  for (const [name, start] of Object.entries(brokers)) {
    test(`${name}: messages arrive in order, those of transactions too`, async () => {
      const config = configure([await start()]);
      const server = await Server.start(owner, program, ["run", "messages", "--port", "0", "--infra-config", config], {
        cwd: folder,
      });
      const key = `on-${name}`;
      const numbers = [...Array(50).keys()];
      const sent = await server.fetch("/parcels", {
        method: "POST",
        body: JSON.stringify({ key, from: 0, count: numbers.length }),
      });
      assert.equal(sent.status, 200, await sent.text());
      const within = await server.fetch("/within", {
        method: "POST",
        body: JSON.stringify({ key: `${key}-tx`, commits: true }),
      });
      assert.equal(within.status, 200, await within.text());

      const end = performance.now() + patienceMilliseconds;
      const handled = async (/** @type {string} */ of) =>
        /** @type {{ numbers: number[] }} */ (await server.json(`/handled/${of}`)).numbers;
      while ((await handled(key)).length < numbers.length || (await handled(`${key}-tx`)).length < 2) {
        assert.ok(performance.now() < end, `after a minute: ${JSON.stringify(await handled(key))}`);
        await delay(50);
      }
      assert.deepEqual(await handled(key), numbers);
      assert.deepEqual(await handled(`${key}-tx`), [0, 1]);
      assert.equal(await server.stop(), 0);
    });
  }

  test("a broker that isn't there, and a way to it that can't be used, are told at the start", async () => {
    const port = await freePort();
    const absent = configure([{ type: "nats", url: `nats://127.0.0.1:${String(port)}` }]);
    const first = await finish(program, ["run", "messages", "--port", "0", "--infra-config", absent], { cwd: folder });
    assert.equal(first.code, 3, first.stderr);
    assert.match(first.stderr, new RegExp(`^error: .*127\\.0\\.0\\.1:${String(port)}`, "m"));

    const unusable = configure([{ type: "azure_service_bus", connection_string: "Endpoint=sb://x" }]);
    const second = await finish(program, ["run", "messages", "--port", "0", "--infra-config", unusable], {
      cwd: folder,
    });
    assert.match(
      second.stderr,
      /^error: pubsub\[0\]\.connection_string: .* has neither SharedAccessKeyName and SharedAccessKey nor /m,
    );
    assert.notEqual(second.code, 0);
  });
});
