// @ts-check
import { cpuSnapshot, residentBytes, threadsBetween, v8Bytes } from "../proc.mjs";
import { startServer } from "../server.mjs";
import { median } from "../statistics.mjs";
import { runWrk } from "../wrk.mjs";
import { openIdle, runEcho } from "./sockets.mjs";

/** @typedef {import("./subjects.mjs").Subject} Subject */

/**
 * @typedef {object} Times
 * @property {number} rounds
 * @property {number} warmup seconds
 * @property {number} seconds
 */

/**
 * CPU figures are microseconds per message or request.
 * @typedef {object} Rate
 * @property {string} title
 * @property {number} perSecond
 * @property {number} cpu of the server
 * @property {number} isolate of its thread of that name; 0 where there is none
 * @property {number} clientBusy share of one CPU that the load took
 */

/**
 * Messages over 100 WebSockets, one in flight on each; every subject in every round.
 * @param {readonly Subject[]} subjects
 * @param {Times} times
 */
export function echoes(subjects, { rounds, warmup, seconds }) {
  return interleaved(subjects, rounds, async (origin, pid) => {
    let before = cpuSnapshot(pid);
    const result = await runEcho(origin, { sockets: 100, warmup, seconds }, () => {
      before = cpuSnapshot(pid);
    });
    const perSecond = result.messages / result.seconds;
    return { perSecond, clientBusy: result.clientBusy, ...cpuSince(pid, before, result.messages) };
  });
}

/**
 * A file of 10 kB over 64 connections.
 * @param {readonly (Subject & { target: string })[]} subjects
 * @param {Times} times
 */
export function files(subjects, times) {
  return interleaved(subjects, times.rounds, (origin, pid, { target }) => requests(origin, pid, target, times));
}

/**
 * The isolate's time for a middleware that only calls `next`: what a request has more with it than without.
 * @param {Subject} subject
 * @param {Times} times
 * @returns {Promise<number>} microseconds
 */
export async function middleware(subject, times) {
  const server = await startServer(subject);
  const differences = [];
  for (let round = 0; round < times.rounds; round++) {
    const without = await requests(server.origin, server.pid, "/hello", times);
    const wrapped = await requests(server.origin, server.pid, "/wrapped", times);
    differences.push(wrapped.isolate - without.isolate);
  }
  await server.stop();
  return median(differences);
}

/**
 * A call to another endpoint of the process, and the same by HTTP, one after the other.
 * @param {Subject} subject
 * @param {Times} times
 * @returns {Promise<{ internal: number, loopback: number }>} nanoseconds a call
 */
export async function calls(subject, { rounds }) {
  const server = await startServer(subject);
  const time = async (/** @type {string} */ endpoint, /** @type {number} */ times) => {
    const body = JSON.stringify({ times, origin: server.origin });
    const response = await fetch(`${server.origin}/${endpoint}`, { method: "POST", body });
    /** @type {{ nanoseconds: number }} */
    const { nanoseconds } = JSON.parse(await response.text());
    return nanoseconds;
  };
  /** @type {{ internal: number[], loopback: number[] }} */
  const found = { internal: [], loopback: [] };
  // The first is the warm-up.
  for (let round = 0; round <= rounds; round++) {
    const [internal, loopback] = [await time("internal", 50_000), await time("loopback", 5_000)];
    if (round > 0) {
      found.internal.push(internal);
      found.loopback.push(loopback);
    }
  }
  await server.stop();
  return { internal: median(found.internal), loopback: median(found.loopback) };
}

/**
 * Resident memory that each of many idle WebSockets adds.
 * @param {Subject} subject
 * @param {number} sockets
 * @param {number} rounds
 * @returns {Promise<{ outside: number, v8: number }>} bytes outside V8 and in it
 */
export async function idle(subject, sockets, rounds) {
  /** @type {{ outside: number[], v8: number[] }} */
  const found = { outside: [], v8: [] };
  for (let round = 0; round < rounds; round++) {
    const server = await startServer(subject);
    const before = memory(server.pid);
    const open = await openIdle(server.origin, sockets);
    const after = memory(server.pid);
    found.outside.push((after.outside - before.outside) / sockets);
    found.v8.push((after.v8 - before.v8) / sockets);
    await open.close();
    await server.stop();
  }
  return { outside: median(found.outside), v8: median(found.v8) };
}

/** @param {number} pid */
function memory(pid) {
  const v8 = v8Bytes(pid);
  return { outside: residentBytes(pid) - v8, v8 };
}

/**
 * Every subject in every round in a new process, each second round backwards; medians.
 * @template {Subject} T
 * @param {readonly T[]} subjects
 * @param {number} rounds
 * @param {(origin: string, pid: number, subject: T) => Promise<Omit<Rate, "title">>} measure
 * @returns {Promise<Rate[]>} in the order of the subjects
 */
async function interleaved(subjects, rounds, measure) {
  /** @type {Map<T, Omit<Rate, "title">[]>} */
  const found = new Map(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const server = await startServer(subject);
      found.get(subject)?.push(await measure(server.origin, server.pid, subject));
      await server.stop();
    }
  }
  return [...found].map(([{ title }, rates]) => ({
    title,
    perSecond: median(rates.map(({ perSecond }) => perSecond)),
    cpu: median(rates.map(({ cpu }) => cpu)),
    isolate: median(rates.map(({ isolate }) => isolate)),
    clientBusy: median(rates.map(({ clientBusy }) => clientBusy)),
  }));
}

/**
 * @param {string} origin
 * @param {number} pid
 * @param {string} target
 * @param {Times} times
 */
async function requests(origin, pid, target, { warmup, seconds }) {
  const scenario = { name: /** @type {const} */ ("plain"), method: /** @type {const} */ ("GET"), target, headers: {} };
  await runWrk(origin, scenario, { connections: 64, seconds: warmup });
  const before = cpuSnapshot(pid);
  const load = await runWrk(origin, scenario, { connections: 64, seconds });
  if (load.errors > 0) {
    throw new Error(`${load.errors} of ${load.requests} requests to ${target} failed`);
  }
  return {
    perSecond: load.requestsPerSecond,
    clientBusy: load.clientBusy,
    ...cpuSince(pid, before, load.requests),
  };
}

/**
 * @param {number} pid
 * @param {import("../proc.mjs").CpuSnapshot} before
 * @param {number} count messages or requests
 */
function cpuSince(pid, before, count) {
  const after = cpuSnapshot(pid);
  const isolate = threadsBetween(before, after).find(({ name }) => name === "isolate")?.microseconds ?? 0;
  return { cpu: (after.microseconds - before.microseconds) / count, isolate: isolate / count };
}
