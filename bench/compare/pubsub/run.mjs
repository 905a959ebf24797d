#!/usr/bin/env node
// @ts-check
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { defaultHost } from "../contestants.mjs";
import { machine } from "../machine.mjs";
import { UsageError } from "../options.mjs";
import { buildApplication, installFrameworks } from "../prepare.mjs";
import { cpuSnapshot } from "../proc.mjs";
import { killAll, startServer } from "../server.mjs";
import { brokers, killBrokers, withBroker } from "./brokers.mjs";
import { medians, report } from "./report.mjs";

/** @typedef {import("./report.mjs").Measurement} Measurement */

const usage = `usage: npm run compare:pubsub -- [options]

Publishes messages of 100 bytes and handles them, by encore-host and by the broker's usual Node.js client.

  --rounds N    rounds, interleaved over the contestants (3)
  --messages N  messages of a measurement (by broker)
  --window N    messages that are published and not handled at a time (1000)
  --only a,b    of ${Object.keys(brokers).join(", ")}
  --host FILE   the encore-host program (ts-sdk/bin/encore-host, by \`npm run build\`)
  --json FILE   write every figure to FILE
  --quick       smoke run: 1 round of few messages; gates are shown, not enforced
  --help

Exit code: 0 all gates passed, 1 a gate failed, 2 wrong usage or nothing could be measured.`;

/** As many messages go through first, so that both engines have compiled what they run: some seconds, as in the other comparisons. */
const warmUpShare = 1;
const quickShare = 0.05;

/** The Node.js clients by broker: file, and the package whose version is told. @type {Readonly<Record<string, { title: string, file: string, package: string }>>} */
const rivals = {
  nats: { title: "nats.js", file: "consumers/nats.mjs", package: "@nats-io/jetstream" },
  redis: { title: "ioredis", file: "consumers/redis.mjs", package: "ioredis" },
  rabbitmq: { title: "amqplib", file: "consumers/rabbitmq.mjs", package: "amqplib" },
  sqs: { title: "sqs-consumer", file: "consumers/sqs.mjs", package: "sqs-consumer" },
};

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

/** @param {string} text */
function progress(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {string} name @param {string | undefined} text @param {number} fallback */
function whole(name, text, fallback) {
  if (text !== undefined && !/^[1-9]\d{0,7}$/.test(text))
    throw new UsageError(`--${name} takes a whole number of at least 1, not "${text}"`);
  return text === undefined ? fallback : Number(text);
}

function readOptions() {
  const text = /** @type {const} */ ({ type: "string" });
  const flag = /** @type {const} */ ({ type: "boolean" });
  /** @type {ReturnType<typeof parse>} */
  let values;
  const parse = () =>
    parseArgs({
      options: {
        rounds: text,
        messages: text,
        window: text,
        only: text,
        host: text,
        json: text,
        quick: flag,
        help: flag,
      },
    }).values;
  try {
    values = parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const quick = values.quick ?? false;
  const only = values.only?.split(",") ?? Object.keys(brokers);
  const unknown = only.filter((name) => !(name in brokers));
  if (unknown.length > 0)
    throw new UsageError(`--only knows ${Object.keys(brokers).join(", ")}, not "${unknown.join(", ")}"`);
  return {
    quick,
    only,
    rounds: whole("rounds", values.rounds, quick ? 1 : 3),
    messages: values.messages === undefined ? undefined : whole("messages", values.messages, 1),
    window: whole("window", values.window, 1000),
    host: values.host ?? defaultHost,
    json: values.json,
    help: values.help ?? false,
  };
}

/**
 * @param {string} broker
 * @param {import("./brokers.mjs").Broker} place
 * @param {string} config
 * @param {string} host
 */
function contestants(broker, place, config, host) {
  const run = ["run", path("app/dist/app.js"), "--host", "127.0.0.1", "--infra-config", config];
  const ours = {
    title: "encore-host",
    environment: { ENCORE_NOLOG: "1" },
    start: (/** @type {number} */ port) => ({ command: host, args: [...run, "--port", String(port)] }),
  };
  const rival = rivals[broker];
  return rival === undefined
    ? [ours]
    : [
        ours,
        {
          title: rival.title,
          environment: { BROKER: place.address },
          start: () => ({ command: process.execPath, args: [path(rival.file)] }),
        },
      ];
}

/**
 * The processor time of the thread that runs JavaScript: Node's first, our host's `isolate`.
 * @param {import("../proc.mjs").CpuSnapshot} snapshot
 * @param {number} pid
 */
function scriptTime(snapshot, pid) {
  const isolate = [...snapshot.threads.values()].find(({ name }) => name === "isolate");
  return (isolate ?? snapshot.threads.get(`${pid}/${pid}`))?.microseconds ?? NaN;
}

/**
 * @param {ReturnType<typeof contestants>[number]} contestant
 * @param {number} messages
 * @param {number} window
 * @returns {Promise<Measurement>}
 */
async function measure(contestant, messages, window) {
  const server = await startServer(contestant);
  const run = async (/** @type {number} */ count) => {
    const response = await fetch(`${server.origin}/run/${count}/${window}`);
    if (!response.ok) throw new Error(`${contestant.title} answered ${response.status}: ${await response.text()}`);
    return /** @type {import("./app/driver.d.mts").Figures} */ (await response.json());
  };
  try {
    await run(Math.ceil(messages * warmUpShare));
    const before = cpuSnapshot(server.pid);
    const figures = await run(messages);
    const after = cpuSnapshot(server.pid);
    return {
      ...figures,
      perSecond: figures.handled / figures.seconds,
      script: (scriptTime(after, server.pid) - scriptTime(before, server.pid)) / figures.handled,
      cpu: (after.microseconds - before.microseconds) / figures.handled,
    };
  } finally {
    await server.stop();
  }
}

/** @param {string} name */
function packageVersion(name) {
  return JSON.parse(readFileSync(path(`../node_modules/${name}/package.json`), "utf8")).version;
}

/** @param {ReturnType<typeof readOptions>} options */
async function compare(options) {
  installFrameworks();
  buildApplication(options.host, path("app"), path("app/dist"));
  const folder = mkdtempSync(join(tmpdir(), "compare-pubsub-"));
  /** @type {import("./report.mjs").Part[]} */
  const parts = [];
  try {
    for (const broker of options.only) {
      const messages =
        options.messages ?? Math.ceil((brokers[broker]?.messages ?? 0) * (options.quick ? quickShare : 1));
      await withBroker(broker, async (place) => {
        const config = join(folder, `${broker}.json`);
        writeFileSync(config, JSON.stringify({ pubsub: [place.config], limits: { handler_timeout_seconds: 0 } }));
        const all = contestants(broker, place, config, options.host);
        /** @type {Map<string, Measurement[]>} */
        const found = new Map(all.map(({ title }) => [title, []]));
        for (let round = 1; round <= options.rounds; round++) {
          for (const contestant of round % 2 === 1 ? all : all.toReversed()) {
            const measurement = await measure(contestant, messages, options.window);
            found.get(contestant.title)?.push(measurement);
            progress(`round ${round}  ${broker}  ${contestant.title}: ${measurement.perSecond.toFixed(0)} handled/s`);
          }
        }
        const rival = rivals[broker];
        const version = [place.version, rival === undefined ? "" : `${rival.package} ${packageVersion(rival.package)}`];
        const rows = [...found].map(([title, measurements]) => ({ title, ...medians(measurements) }));
        parts.push({ broker, messages, version: version.filter((text) => text !== "").join(", "), rows });
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { text, passes } = report(parts, machine(), options);
  process.stdout.write(`${text}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(parts, null, 2)}\n`);
  return passes || options.quick ? 0 : 1;
}

process.once("exit", () => {
  killAll();
  killBrokers();
});
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  const options = readOptions();
  if (options.help) process.stdout.write(`${usage}\n`);
  else process.exitCode = await compare(options);
} catch (error) {
  if (error instanceof UsageError) progress(error.message);
  else console.error(error);
  process.exit(2);
}
