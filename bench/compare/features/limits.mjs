// @ts-check
import { gate } from "../gates.mjs";

/** @typedef {import("./measures.mjs").Rate} Rate */

/**
 * Medians; what wasn't measured is left out.
 * @typedef {object} Found
 * @property {Rate[]} [echoes] ours, then Bun's
 * @property {Rate[]} [files] ours, then Kestrel's
 * @property {number} [middleware] microseconds of the isolate
 * @property {{ internal: number, loopback: number }} [calls] nanoseconds
 * @property {{ outside: number, v8: number }} [idle] bytes outside V8 and in it
 */

/** What the features have to reach. */
const limits = {
  echoToBun: 1,
  filesToKestrel: 0.9,
  fileIsolateMicroseconds: 0.05,
  middlewareMicroseconds: 0.5,
  loopbackToInternal: 5,
  idleKilobytes: 12,
};

/** @param {Found} found */
export function featureGates({ echoes, files, middleware, calls, idle }) {
  return [
    gate("stream echo, messages/s to Bun's", limits.echoToBun, ratio(echoes), "at least", "×"),
    gate("static file of 10 kB, req/s to Kestrel's", limits.filesToKestrel, ratio(files), "at least", "×"),
    // What is left of nothing: timers of the application's.
    gate("isolate thread per file", limits.fileIsolateMicroseconds, files?.[0]?.isolate, "at most", "µs"),
    gate("isolate thread per middleware", limits.middlewareMicroseconds, middleware, "at most", "µs"),
    gate(
      "a call by HTTP, to one in the process",
      limits.loopbackToInternal,
      calls && calls.loopback / calls.internal,
      "at least",
      "×",
    ),
    gate("memory per idle socket, outside V8", limits.idleKilobytes, idle && idle.outside / 1000, "at most", "kB"),
  ];
}

/** @param {readonly Rate[] | undefined} rates */
function ratio(rates) {
  const [ours, theirs] = rates ?? [];
  return ours && theirs && ours.perSecond / theirs.perSecond;
}
