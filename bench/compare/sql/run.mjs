#!/usr/bin/env node
// @ts-check
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultHost, repository } from "../contestants.mjs";
import { machine } from "../machine.mjs";
import { measure } from "../measure.mjs";
import { readOptions, usage, UsageError } from "../options.mjs";
import { prepare } from "../prepare.mjs";
import { table } from "../report.mjs";
import { killAll, startServer } from "../server.mjs";
import { median } from "../statistics.mjs";
import { summarise } from "../summary.mjs";
import { killLoad } from "../wrk.mjs";
import { startPostgres } from "./postgres.mjs";

/** @typedef {import("../contestants.mjs").Contestant} Contestant */

/** Connections to the database that every server may have. */
const pool = 10;
const streams = 5;
const copiedRows = 100_000;
/** Fewer, since they take so much longer; what counts is how many a second. */
const singleRows = 5_000;

/** @type {readonly import("../scenarios.mjs").Scenario[]} */
const scenarios = [
  { name: "row", method: "GET", target: "/row/4711", headers: {} },
  { name: "twenty", method: "GET", target: "/twenty", headers: {} },
];

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

/** @param {string} text */
function progress(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * @param {string} uri
 * @param {string} config
 * @param {string} host
 * @returns {readonly Contestant[]}
 */
function contestants(uri, config, host) {
  const environment = { DATABASE_URL: uri, POOL: String(pool) };
  const ours = ["run", path("app/dist/app.js"), "--host", "127.0.0.1", "--infra-config", config];
  return [
    {
      name: "ours",
      title: "encore-host",
      validates: true,
      environment: { ENCORE_NOLOG: "1" },
      start: (port) => ({ command: host, args: [...ours, "--port", String(port)] }),
    },
    {
      name: "bun",
      title: "Bun + Bun.SQL",
      validates: true,
      environment,
      start: () => ({ command: path("../node_modules/@oven/bun-linux-x64/bin/bun"), args: [path("servers/bun.ts")] }),
    },
    {
      name: "fastify",
      title: "Fastify + pg",
      validates: true,
      environment,
      start: () => ({ command: process.execPath, args: [path("servers/fastify.mjs")] }),
    },
  ];
}

/**
 * @param {readonly Contestant[]} all
 * @param {import("../options.mjs").Options} options
 */
async function measureAll(all, options) {
  const measurements = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const scenario of scenarios) {
      for (const contestant of round % 2 === 1 ? all : all.toReversed()) {
        const server = await startServer(contestant);
        const measurement = await measure(server, contestant.name, scenario, round, options);
        await server.stop();
        measurements.push(measurement);
        progress(
          `round ${round}  ${scenario.name}  ${contestant.title}: ${measurement.requestsPerSecond.toFixed(0)} req/s`,
        );
      }
    }
  }
  return summarise(measurements);
}

/**
 * Rows a second of one client that streams them all.
 * @param {Contestant} contestant
 * @param {number} warmup seconds
 */
async function streamedRows(contestant, warmup) {
  const server = await startServer(contestant);
  const stream = async () => {
    const started = performance.now();
    const { rows } = /** @type {{ rows: number }} */ (await (await fetch(`${server.origin}/stream`)).json());
    return (rows * 1000) / (performance.now() - started);
  };
  const warm = performance.now() + warmup * 1000;
  while (performance.now() < warm) await stream();
  const speeds = [];
  for (let turn = 0; turn < streams; turn++) speeds.push(await stream());
  await server.stop();
  return median(speeds);
}

/** @param {Contestant} ours */
async function insertedRows(ours) {
  const server = await startServer(ours);
  const ask = async (/** @type {string} */ target) =>
    /** @type {{ perSecond: number }} */ (await (await fetch(server.origin + target)).json()).perSecond;
  await ask("/copy/1000");
  await ask("/single/1000");
  const figures = { copied: await ask(`/copy/${copiedRows}`), single: await ask(`/single/${singleRows}`) };
  await server.stop();
  return figures;
}

/** @param {import("../options.mjs").Options} options */
async function compare(options) {
  const host = options.host ?? defaultHost;
  prepare(["bun", "fastify"], host);
  execFileSync("bash", [join(repository, ".ci/debian-packages.sh"), "postgresql"], { stdio: ["ignore", 2, 2] });
  execFileSync(host, ["build", path("app"), "-o", path("app/dist")], { stdio: ["ignore", 2, 2] });
  const folder = mkdtempSync(join(tmpdir(), "compare-sql-"));
  const postgres = await startPostgres();
  try {
    const config = join(folder, "infra.config.json");
    const database = { name: "postgres", username: "postgres", password: "", max_connections: pool };
    const { host: address } = new URL(postgres.uri);
    const server = { host: address, tls_config: { disabled: true }, databases: { compare: database } };
    writeFileSync(config, JSON.stringify({ sql_servers: [server] }));
    const all = contestants(postgres.uri, config, host);
    const [ours, , fastify] = all;
    if (ours === undefined || fastify === undefined) throw new RangeError("there are three");
    // Ours goes first: it makes the tables.
    const inserted = await insertedRows(ours);
    const streamed = {
      ours: await streamedRows(ours, options.warmup),
      fastify: await streamedRows(fastify, options.warmup),
    };
    const rows = await measureAll(all, options);
    process.stdout.write(`${report(rows, streamed, inserted, postgres.version, options)}\n`);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {readonly import("../summary.mjs").Row[]} rows
 * @param {{ ours: number, fastify: number }} streamed
 * @param {{ copied: number, single: number }} inserted
 * @param {string} version
 * @param {import("../options.mjs").Options} options
 */
function report(rows, streamed, inserted, version, options) {
  const { processor, processors } = machine();
  const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString("en");
  const of = (/** @type {string} */ scenario, /** @type {string} */ contestant) =>
    rows.find((row) => row.scenario === scenario && row.contestant === contestant);
  const speed = (/** @type {string} */ scenario, /** @type {string} */ contestant) =>
    of(scenario, contestant)?.requestsPerSecond ?? NaN;
  const gates = [
    ["row by key, to Fastify + pg", 1.5, speed("row", "ours") / speed("row", "fastify"), "×"],
    ["row by key, to Bun.SQL", 1.2, speed("row", "ours") / speed("row", "bun"), "×"],
    ["20 queries, to Fastify + pg", 2, speed("twenty", "ours") / speed("twenty", "fastify"), "×"],
    ["rows streamed, to pg-cursor", 2, streamed.ours / streamed.fastify, "×"],
    ["rows by copyIn, to single inserts", 10, inserted.copied / inserted.single, "×"],
  ].map(([title, least, actual, unit]) => [
    String(title),
    `at least ${least} ${unit}`,
    `${Number(actual).toFixed(2)} ${unit}`,
    Number(actual) >= Number(least) ? "pass" : "FAIL",
  ]);
  const isolate = of("row", "ours")?.isolate ?? NaN;
  gates.push([
    "isolate thread per row by key",
    "at most 4 µs",
    `${isolate.toFixed(2)} µs`,
    isolate <= 4 ? "pass" : "FAIL",
  ]);
  return [
    `${processor}, ${processors} processors, PostgreSQL ${version}, ${pool} connections to it`,
    `${options.connections} connections, ${options.rounds} × ${options.seconds} s after ${options.warmup} s of warm-up, medians`,
    ...scenarios.flatMap(({ name, target }) => [
      "",
      `${name}: GET ${target}`,
      ...table(
        ["", "req/s", "p50 ms", "p99 ms", "CPU µs/req", "isolate µs/req", "errors"],
        rows
          .filter((row) => row.scenario === name)
          .map((row) => [
            row.contestant,
            whole(row.requestsPerSecond),
            row.p50.toFixed(2),
            row.p99.toFixed(2),
            row.cpu.toFixed(1),
            row.isolate > 0 ? row.isolate.toFixed(2) : "",
            String(row.errors),
          ]),
      ),
    ]),
    "",
    ...table(
      ["rows a second", "", ""],
      [
        ["streamed", `encore-host ${whole(streamed.ours)}`, `Fastify + pg-cursor ${whole(streamed.fastify)}`],
        ["inserted", `copyIn ${whole(inserted.copied)}`, `one by one ${whole(inserted.single)}`],
      ],
    ),
    "",
    "must reach",
    ...table(["", "required", "actual", ""], gates),
  ].join("\n");
}

process.once("exit", () => {
  killLoad();
  killAll();
});
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(`${usage.replace("npm run compare", "npm run compare:sql")}\n`);
  else await compare(options);
} catch (error) {
  if (error instanceof UsageError) progress(error.message);
  else console.error(error);
  process.exit(2);
}
