#!/usr/bin/env node
// @ts-check
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { defaultHost } from "../contestants.mjs";
import { machine } from "../machine.mjs";
import { UsageError } from "../options.mjs";
import { buildApplication, buildProject, installFrameworks, installWrk } from "../prepare.mjs";
import { table } from "../report.mjs";
import { killAll } from "../server.mjs";
import { killLoad } from "../wrk.mjs";
import { featureGates } from "./limits.mjs";
import { calls, echoes, files, idle, middleware } from "./measures.mjs";
import { killSockets } from "./sockets.mjs";
import * as subjects from "./subjects.mjs";

const names = /** @type {const} */ (["echo", "files", "middleware", "calls", "idle"]);

const usage = `usage: npm run compare:features -- [options]

Measures streams, static files, middleware and calls between services, each beside what it is held against.

  --rounds N    rounds, interleaved over the servers (3)
  --seconds N   seconds per measurement (5)
  --warmup N    seconds of load before each measurement (5)
  --only a,b    of ${names.join(", ")}
  --host FILE   the encore-host program (ts-sdk/bin/encore-host, by \`npm run build\`)
  --json FILE   write every figure to FILE
  --help

Exit code: 0 all gates passed, 1 a gate failed, 2 wrong usage or nothing could be measured.`;

/** So many WebSockets say nothing while memory is read. */
const idleSockets = 5_000;

async function main() {
  const text = /** @type {const} */ ({ type: "string" });
  const { values } = parseArgs({
    options: {
      rounds: text,
      seconds: text,
      warmup: text,
      only: text,
      host: text,
      json: text,
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const times = {
    rounds: Number(values.rounds ?? 3),
    seconds: Number(values.seconds ?? 5),
    warmup: Number(values.warmup ?? 5),
  };
  const wanted = values.only?.split(",") ?? [...names];
  if (
    !Object.values(times).every((value) => value > 0) ||
    wanted.some((name) => !names.some((known) => known === name))
  ) {
    throw new UsageError(usage);
  }

  const host = resolve(values.host ?? defaultHost);
  prepare(host);
  const about = { machine: machine(), times };
  const found = await measureAll(host, wanted, times);
  const gates = featureGates(found);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ ...about, found, gates }, null, 2)}\n`);
  }
  process.stdout.write(`${render(found, gates)}\n`);
  return gates.some(({ result }) => result === "fail") ? 1 : 0;
}

/** @param {string} host */
function prepare(host) {
  installWrk();
  installFrameworks();
  buildProject(subjects.loadProject, subjects.loadOutput);
  buildProject(subjects.kestrelProject, subjects.kestrelOutput);
  buildApplication(host, subjects.app, subjects.appOutput);
}

/**
 * @param {string} host
 * @param {readonly string[]} wanted
 * @param {import("./measures.mjs").Times} times
 */
async function measureAll(host, wanted, times) {
  const ours = subjects.ours(host);
  /** @type {import("./limits.mjs").Found} */
  const found = {};
  for (const name of names.filter((known) => wanted.includes(known))) {
    process.stderr.write(`measuring ${name}\n`);
    switch (name) {
      case "echo":
        found.echoes = await echoes([ours, subjects.bunEcho, subjects.bunChecked], times);
        break;
      case "files":
        found.files = await files(
          [
            { ...ours, target: "/files/ten.txt" },
            { ...subjects.kestrelFiles, target: "/ten.txt" },
          ],
          times,
        );
        break;
      case "middleware":
        found.middleware = await middleware(ours, times);
        break;
      case "calls":
        found.calls = await calls(ours, times);
        break;
      case "idle":
        found.idle = await idle(ours, idleSockets, times.rounds);
        break;
    }
  }
  return found;
}

/**
 * @param {import("./limits.mjs").Found} found
 * @param {readonly import("../gates.mjs").Gate[]} gates
 */
function render({ echoes: echo = [], files: file = [], calls: call, idle: socket }, gates) {
  const rates = [...echo, ...file].map(({ title, perSecond, cpu, isolate, clientBusy }) => [
    title,
    Math.round(perSecond).toLocaleString("en"),
    cpu.toFixed(1),
    isolate === 0 ? "" : isolate.toFixed(2),
    `${(clientBusy * 100).toFixed(0)} %`,
  ]);
  return [
    ...(rates.length > 0
      ? [...table(["", "per second", "CPU µs each", "isolate µs each", "load's CPU"], rates), ""]
      : []),
    ...(call ? [`a call in the process: ${call.internal.toFixed(0)} ns, by HTTP: ${call.loopback.toFixed(0)} ns`] : []),
    ...(socket ? [`an idle socket: ${kilobytes(socket.outside)} kB, and ${kilobytes(socket.v8)} kB in V8`] : []),
    "",
    ...table(
      ["", "required", "actual", ""],
      gates.map(({ title, required, actual, result }) => [title, required, actual, result]),
    ),
  ].join("\n");
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}

process.once("exit", () => {
  killLoad();
  killSockets();
  killAll();
});
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
  } else {
    console.error(error);
  }
  process.exit(2);
}
