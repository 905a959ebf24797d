// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { processTree } from "./proc.mjs";
import { firstAnswer } from "./startup.mjs";

/** @typedef {Pick<import("./contestants.mjs").Contestant, "title" | "environment" | "start">} Contestant what starting one needs */

/**
 * @typedef {object} Server
 * @property {number} pid
 * @property {string} origin `http://127.0.0.1:<port>`
 * @property {number} startMilliseconds from exec to the first answer
 * @property {() => Promise<void>} stop asks it to end, then makes it end
 */

/** How long a server may take to answer first, and to end after SIGTERM. */
const startLimitMilliseconds = 30_000;
const stopLimitMilliseconds = 8_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends at once whatever is still running; for the way out after an error or a signal. */
export function killAll() {
  for (const child of running) {
    killTree(child);
  }
}

/**
 * @param {Contestant} contestant
 * @returns {Promise<Server>} once it has answered
 */
export async function startServer(contestant) {
  const port = await freePort();
  const { command, args } = contestant.start(port);
  const began = performance.now();
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(), ...contestant.environment, PORT: String(port) },
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const output = lastOutput(child);

  const gone = new AbortController();
  child.once("error", (error) => gone.abort(error));
  child.once("exit", (code, signal) => gone.abort(new Error(`ended with ${signal ?? `exit code ${code}`}`)));
  try {
    const limit = AbortSignal.timeout(startLimitMilliseconds);
    await firstAnswer(port, AbortSignal.any([gone.signal, limit]));
  } catch (error) {
    killTree(child);
    throw new Error(`${contestant.title} did not start\n${output()}`, { cause: error });
  }

  return {
    pid: /** @type {number} */ (child.pid),
    origin: `http://127.0.0.1:${port}`,
    startMilliseconds: performance.now() - began,
    stop: () => stop(child),
  };
}

/** @param {import("node:child_process").ChildProcess} child */
async function stop(child) {
  if (!running.has(child)) {
    return;
  }
  const exit = once(child, "exit");
  const limit = setTimeout(() => killTree(child), stopLimitMilliseconds);
  child.kill("SIGTERM");
  await exit;
  clearTimeout(limit);
}

/** @param {import("node:child_process").ChildProcess} child */
function killTree(child) {
  if (child.pid === undefined) {
    return;
  }
  for (const { pid } of processTree(child.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Justification: it ended by itself since it was listed, which is what was wanted.
    }
  }
}

/** Only what programs need to find themselves: the caller's NODE_OPTIONS and the like must not tip the scales. */
function environment() {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "DOTNET_ROOT"];
  return Object.fromEntries([
    ...kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ["NODE_ENV", "production"],
  ]);
}

/**
 * Keeps the pipes empty and the end of what was written, for the message when the server does not start.
 * @param {import("node:child_process").ChildProcess} child
 */
function lastOutput(child) {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk) => {
      text = (text + chunk).slice(-4000);
    });
  }
  return () => text;
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") {
    throw new TypeError("a TCP server has an address with a port");
  }
  return address.port;
}
