// @ts-check
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { repository } from "../contestants.mjs";

/**
 * @typedef {object} Broker a server that runs, or a folder
 * @property {object} config our entry under `pubsub`
 * @property {string} address what the Node.js client is given; "" where there is none
 * @property {string} version
 * @property {() => Promise<void>} stop
 */

/** @typedef {{ messages: number, packages: readonly string[], start: (folder: string) => Promise<Broker> }} BrokerKind */

const startLimitMilliseconds = 60_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends at once whatever still runs. */
export function killBrokers() {
  for (const child of running) child.kill("SIGKILL");
}

/** What there is, with so many messages that a run takes some seconds. @type {Readonly<Record<string, BrokerKind>>} */
export const brokers = {
  embedded: {
    messages: 400_000,
    packages: [],
    start: async (folder) => ({
      config: { type: "embedded", path: join(folder, "messages.db") },
      address: "",
      version: "",
      stop: async () => undefined,
    }),
  },
  nats: {
    messages: 200_000,
    packages: ["nats-server"],
    start: async (folder) => {
      const port = await freePort();
      const args = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder];
      const stop = await startProgram("/usr/sbin/nats-server", args, port, folder);
      const url = `nats://127.0.0.1:${port}`;
      return {
        config: { type: "nats", url },
        address: url,
        version: read("/usr/sbin/nats-server", ["--version"]),
        stop,
      };
    },
  },
  redis: {
    messages: 400_000,
    packages: ["redis-server"],
    start: async (folder) => {
      const port = await freePort();
      const args = [
        "--bind",
        "127.0.0.1",
        "--port",
        String(port),
        "--dir",
        folder,
        "--save",
        "",
        "--appendonly",
        "yes",
      ];
      const stop = await startProgram("/usr/bin/redis-server", args, port, folder);
      const config = { type: "redis_streams", host: `127.0.0.1:${port}` };
      return {
        config,
        address: `redis://127.0.0.1:${port}`,
        version: read("/usr/bin/redis-server", ["--version"]),
        stop,
      };
    },
  },
  rabbitmq: { messages: 120_000, packages: ["rabbitmq-server"], start: startRabbitMq },
  sqs: {
    messages: 40_000,
    packages: [],
    start: async () => {
      const child = spawn(process.execPath, ["Sqs/server.mjs"], {
        cwd: join(repository, "tests/Bridge.PubSub.Tests"),
        stdio: ["pipe", "pipe", "inherit"],
      });
      const stop = owned(child, () => child.stdin.end());
      const address = await new Promise((resolve, reject) => {
        createInterface(child.stdout).once("line", resolve);
        child.once("exit", () => reject(new Error("the SNS and SQS server ended: has npm ci been run?")));
      });
      const topics = {
        notes: {
          arn: "arn:aws:sns:eu-west-1:000000000000:notes",
          subscriptions: { count: { arn: "arn:aws:sqs:eu-west-1:000000000000:count" } },
        },
      };
      const keys = { access_key_id: "key", secret_access_key: "secret" };
      const config = { type: "aws_sns_sqs", region: "eu-west-1", endpoint: address, ...keys, topics };
      return { config, address, version: "fauxqs", stop };
    },
  },
};

/** Makes a folder, starts a broker there, and takes both away again. @param {string} name @param {(broker: Broker) => Promise<void>} work */
export async function withBroker(name, work) {
  const kind = brokers[name];
  if (kind === undefined) throw new RangeError(`there is no broker ${name}`);
  if (kind.packages.length > 0) {
    execFileSync("bash", [join(repository, ".ci/debian-packages.sh"), ...kind.packages], { stdio: ["ignore", 2, 2] });
  }
  const folder = mkdtempSync(join(tmpdir(), `compare-${name}-`));
  try {
    const broker = await kind.start(folder);
    try {
      await work(broker);
    } finally {
      await broker.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @returns {Promise<Broker>} */
async function startRabbitMq(folder) {
  const [port, distribution, names] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, "plugins"), "[].");
  writeFileSync(join(folder, "rabbit.conf"), `listeners.tcp.1 = 127.0.0.1:${port}\n`);
  const environment = {
    HOME: folder,
    RABBITMQ_NODENAME: `compare-${port}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_LOGS: "-",
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbit.conf"),
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(names),
  };
  // As a child of this process: the one that a node starts by itself outlives it.
  const stopNames = await startProgram(
    "epmd",
    ["-port", String(names), "-address", "127.0.0.1"],
    names,
    folder,
    environment,
  );
  const stopServer = await startProgram("/usr/lib/rabbitmq/bin/rabbitmq-server", [], port, folder, environment);
  const stop = async () => {
    await stopServer();
    await stopNames();
  };
  const url = `amqp://127.0.0.1:${port}`;
  const version = read("dpkg-query", ["-W", "-f", "RabbitMQ ${Version}", "rabbitmq-server"]);
  return { config: { type: "rabbitmq", url }, address: url, version, stop };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {number} port where it listens
 * @param {string} cwd
 * @param {Record<string, string>} [environment]
 */
async function startProgram(program, args, port, cwd, environment = {}) {
  const child = spawn(program, args, { cwd, stdio: "ignore", detached: true, env: { ...process.env, ...environment } });
  const stop = owned(child, () => {
    // With what it has started: RabbitMQ's server is a script's child.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  });
  const end = performance.now() + startLimitMilliseconds;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > end) {
      await stop();
      throw new Error(`${program} did not start`);
    }
    await delay(50);
  }
  return stop;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {() => void} end
 * @returns {() => Promise<void>}
 */
function owned(child, end) {
  running.add(child);
  child.once("error", () => running.delete(child));
  child.once("exit", () => running.delete(child));
  return async () => {
    if (!running.has(child)) return;
    const exit = once(child, "exit");
    end();
    await exit;
  };
}

/** @param {number} port */
async function isListening(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Justification: nobody listens yet, which is what was asked.
    return false;
  } finally {
    socket.destroy();
  }
}

/** @param {string} program @param {string[]} args */
function read(program, args) {
  return execFileSync(program, args, { encoding: "utf8" }).split("\n", 1)[0]?.trim() ?? "";
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return address.port;
}
