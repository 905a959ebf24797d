#!/usr/bin/env node
// @ts-check
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { conformanceErrors } from "./conformance.mjs";
import { contestants, defaultHost } from "./contestants.mjs";
import { gates } from "./gates.mjs";
import { machine, versions } from "./machine.mjs";
import { measure } from "./measure.mjs";
import { readOptions, usage, UsageError } from "./options.mjs";
import { prepare } from "./prepare.mjs";
import { residentBytes } from "./proc.mjs";
import { render } from "./report.mjs";
import { scenarios } from "./scenarios.mjs";
import { killAll, startServer } from "./server.mjs";
import { summarise, summariseStarts } from "./summary.mjs";
import { killLoad } from "./wrk.mjs";

/** @typedef {import("./contestants.mjs").Contestant} Contestant */
/** @typedef {import("./options.mjs").Options} Options */

/** After its first answer a server may still be settling: code to compile, garbage to collect. */
const settleMilliseconds = 1000;

/** Progress goes to standard error, the report to standard output. @param {string} text */
function progress(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Checks every server against the rules they share, and times its starts.
 * @param {readonly Contestant[]} all
 * @param {Options} options
 */
async function checkAndStart(all, options) {
  /** @type {import("./summary.mjs").Start[]} */
  const starts = [];
  /** @type {Set<Contestant>} */
  const refused = new Set();
  for (let turn = 0; turn < Math.max(1, options.starts); turn++) {
    for (const contestant of all.filter((item) => !refused.has(item))) {
      const server = await startServer(contestant);
      if (options.starts > 0) {
        await delay(settleMilliseconds);
        const resident = residentBytes(server.pid);
        starts.push({ contestant: contestant.name, milliseconds: server.startMilliseconds, residentBytes: resident });
        progress(`start ${turn + 1}/${options.starts}  ${contestant.title}: ${server.startMilliseconds.toFixed(0)} ms`);
      }
      const errors = turn === 0 ? await conformanceErrors(server.origin, contestant) : [];
      if (errors.length > 0) {
        refused.add(contestant);
        progress(`${contestant.title} breaks the rules and is not measured:\n  ${errors.join("\n  ")}`);
      }
      await server.stop();
    }
  }
  return { starts, admitted: all.filter((item) => !refused.has(item)) };
}

/**
 * Measures every server in every round, each time in a new process, so that one scenario leaves nothing to the next.
 * @param {readonly Contestant[]} all
 * @param {Options} options
 */
async function measureAll(all, options) {
  /** @type {import("./measure.mjs").Measurement[]} */
  const measurements = [];
  for (let round = 1; round <= options.rounds; round++) {
    // There and back: what drifts with time falls on all alike.
    const order = round % 2 === 1 ? all : all.toReversed();
    for (const scenario of scenarios) {
      for (const contestant of order) {
        const server = await startServer(contestant);
        const measurement = await measure(server, contestant.name, scenario, round, options);
        await server.stop();
        measurements.push(measurement);
        const speed = Math.round(measurement.requestsPerSecond).toLocaleString("en");
        progress(`round ${round}/${options.rounds}  ${scenario.name}  ${contestant.title}: ${speed} req/s`);
      }
    }
  }
  return measurements;
}

/** @param {Options} options */
async function compare(options) {
  const host = resolve(options.host ?? defaultHost);
  const known = contestants(host);
  prepare(options.only, host);
  const about = { machine: machine(), versions: versions(options.only, host) };

  const { starts, admitted } = await checkAndStart(
    options.only.map((name) => known[name]),
    options,
  );
  const measurements = await measureAll(admitted, options);

  const rows = summarise(measurements);
  const startRows = summariseStarts(starts);
  const report = { ...about, options, rows, starts: startRows, gates: gates(rows, startRows) };
  if (options.json !== undefined) {
    const figures = { ...report, when: new Date().toISOString(), runs: { measurements, starts } };
    writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
  const colour = process.stdout.isTTY && !process.env["NO_COLOR"];
  process.stdout.write(`${render(report, (name) => known[name].title, colour)}\n`);

  const failed = admitted.length < options.only.length || report.gates.some(({ result }) => result === "fail");
  return failed && !options.quick ? 1 : 0;
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  return await compare(options);
}

process.once("exit", () => {
  killLoad();
  killAll();
});
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    progress(error.message);
  } else {
    console.error(error);
  }
  process.exit(2);
}
