// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cpuSnapshot } from "./proc.mjs";

/** @typedef {import("./scenarios.mjs").Scenario} Scenario */

/**
 * @typedef {object} Load
 * @property {number} requests answered, whatever the status
 * @property {number} requestsPerSecond
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} errors socket errors, time-outs and answers of status 400 and above
 * @property {number} clientBusy share of one CPU that wrk itself took: near 1, wrk is the limit and not the server
 */

const script = fileURLToPath(new URL("load/request.lua", import.meta.url));

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends a load that is still running. */
export function killLoad() {
  for (const child of running) {
    child.kill("SIGKILL");
  }
}

/**
 * Sends the scenario's request from one thread over keep-alive connections, one request at a time on each.
 * @param {string} origin
 * @param {Scenario} scenario
 * @param {{ connections: number, seconds: number }} load
 * @returns {Promise<Load>}
 */
export async function runWrk(origin, scenario, { connections, seconds }) {
  const headers = Object.entries(scenario.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const request = scenario.body === undefined ? [scenario.method] : [scenario.method, scenario.body];
  const child = spawn(
    "wrk",
    ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, ...headers, origin + scenario.target, "--", ...request],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  running.add(child);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (output += chunk));

  // wrk's own CPU can only be read while it lives: shortly before its end stands for the whole.
  let clientBusy = 0;
  const sample = setTimeout(() => {
    if (child.pid !== undefined) {
      clientBusy = cpuSnapshot(child.pid).microseconds / (seconds * 0.9 * 1e6);
    }
  }, seconds * 900);
  try {
    const [code] = await once(child, "close");
    if (code !== 0) {
      throw new Error(`wrk failed (${code})\n${output}`);
    }
  } finally {
    clearTimeout(sample);
    running.delete(child);
  }
  return { ...parseLoad(output), clientBusy };
}

/**
 * Parses the line that `load/request.lua` prints at the end.
 * @param {string} output
 * @returns {Omit<Load, "clientBusy">}
 */
export function parseLoad(output) {
  const line = /^compare-result (\{.*\})$/m.exec(output)?.[1];
  if (line === undefined) {
    throw new SyntaxError(`wrk printed no result\n${output}`);
  }
  /** @type {Record<"requests" | "duration" | "p50" | "p99" | "connect" | "read" | "write" | "timeout" | "status", number>} */
  const result = JSON.parse(line);
  return {
    requests: result.requests,
    requestsPerSecond: result.requests / (result.duration / 1e6),
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
    errors: result.connect + result.read + result.write + result.timeout + result.status,
  };
}
