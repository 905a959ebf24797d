// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { load } from "./subjects.mjs";

/**
 * @typedef {object} EchoResult
 * @property {number} messages that came back
 * @property {number} seconds
 * @property {number} clientBusy share of one CPU that the load itself took
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends loads that are still running. */
export function killSockets() {
  for (const child of running) {
    child.kill("SIGKILL");
  }
}

/**
 * Sends messages over WebSockets, one in flight on each, and waits for each to come back.
 * @param {string} origin
 * @param {{ sockets: number, warmup: number, seconds: number }} options
 * @param {() => void} warm called between the warm-up and what is measured
 * @returns {Promise<EchoResult>}
 */
export async function runEcho(origin, { sockets, warmup, seconds }, warm) {
  const client = start("echo", new URL(origin).port, "/echo", String(sockets), String(warmup), String(seconds));
  await client.next();
  warm();
  const result = await client.next();
  await client.ended;
  return JSON.parse(result);
}

/**
 * Opens WebSockets that say nothing.
 * @param {string} origin
 * @param {number} sockets
 * @returns {Promise<{ close: () => Promise<void> }>} once all are open
 */
export async function openIdle(origin, sockets) {
  const client = start("idle", new URL(origin).port, "/echo", String(sockets));
  await client.next();
  return {
    close: async () => {
      client.child.stdin.end();
      await client.ended;
    },
  };
}

/** @param {...string} args */
function start(...args) {
  const child = spawn(load, args, { stdio: ["pipe", "pipe", "inherit"] });
  running.add(child);
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    if (code !== 0) {
      throw new Error(`the load failed (${code}): ${args.join(" ")}`);
    }
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) {
      await ended;
      throw new Error(`the load said nothing: ${args.join(" ")}`);
    }
    return value;
  };
  return { child, ended, next };
}
