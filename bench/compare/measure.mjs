// @ts-check
import { cpuSnapshot, residentBytes, threadsBetween } from "./proc.mjs";
import { runWrk } from "./wrk.mjs";

/** @typedef {import("./options.mjs").ContestantName} ContestantName */

/**
 * One measurement; CPU figures are microseconds per request.
 * @typedef {object} Measures
 * @property {ContestantName} contestant
 * @property {import("./scenarios.mjs").Scenario["name"]} scenario
 * @property {number} round
 * @property {number} cpu of the server and its child processes
 * @property {readonly { name: string, microseconds: number }[]} threads the busiest four, busiest first
 * @property {number} isolate of the thread named `isolate`; 0 where there is none
 * @property {number} residentBytesBefore before the warm-up
 * @property {number} residentBytesAfter
 */

/** @typedef {Measures & import("./wrk.mjs").Load} Measurement */

const threadsKept = 4;

/**
 * Warms a running server up and measures it under load.
 * @param {import("./server.mjs").Server} server
 * @param {ContestantName} contestant
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {number} round
 * @param {{ connections: number, seconds: number, warmup: number }} options
 * @returns {Promise<Measurement>}
 */
export async function measure(server, contestant, scenario, round, { connections, seconds, warmup }) {
  const residentBytesBefore = residentBytes(server.pid);
  if (warmup > 0) {
    await runWrk(server.origin, scenario, { connections, seconds: warmup });
  }

  const before = cpuSnapshot(server.pid);
  const load = await runWrk(server.origin, scenario, { connections, seconds });
  const after = cpuSnapshot(server.pid);

  // wrk does not count the answers it leaves unread at its end: at most one a connection, of tens of thousands.
  const threads = threadsBetween(before, after).map(({ name, microseconds }) => ({
    name,
    microseconds: microseconds / load.requests,
  }));
  return {
    contestant,
    scenario: scenario.name,
    round,
    ...load,
    cpu: (after.microseconds - before.microseconds) / load.requests,
    threads: threads.slice(0, threadsKept),
    isolate: threads.find(({ name }) => name === "isolate")?.microseconds ?? 0,
    residentBytesBefore,
    residentBytesAfter: residentBytes(server.pid),
  };
}
