// @ts-check
import { parseArgs } from "node:util";

/** The names taken by `--only`, in the order of the report. */
export const names = /** @type {const} */ (["ours", "kestrel", "bun", "fastify", "express"]);

/** @typedef {(typeof names)[number]} ContestantName */

/**
 * @typedef {object} Options
 * @property {number} rounds how often every server is measured, interleaved
 * @property {number} seconds length of one measurement
 * @property {number} warmup seconds of unmeasured load before each measurement
 * @property {number} starts how many starts are timed per server; 0 leaves start-up out
 * @property {number} connections
 * @property {readonly ContestantName[]} only
 * @property {string} [json] file that receives every figure
 * @property {string} [host] the `encore-host` program to measure
 * @property {boolean} quick a smoke run: its figures mean nothing and no gate fails it
 */

export const usage = `usage: npm run compare -- [options]

Measures encore-host beside Express + Zod, Fastify + Ajv, Bun + Zod and bare Kestrel.

  --rounds N        rounds, interleaved over the servers (3)
  --seconds N       seconds per measurement (10)
  --warmup N        seconds of load before each measurement (8)
  --starts N        timed starts per server, 0 for none (5)
  --connections N   open connections (150)
  --only a,b        of ${names.join(", ")}
  --host FILE       the encore-host program (ts-sdk/bin/encore-host, by \`npm run build\`)
  --json FILE       write every figure to FILE
  --quick           smoke run: 1 round, 2 s after 1 s of warm-up, 1 start; gates are shown, not enforced
  --help

Exit code: 0 all gates passed, 1 a gate failed, 2 wrong usage or the comparison could not be made.`;

/** The caller's mistake, told in one line. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} args
 * @returns {Options | "help"}
 */
export function readOptions(args) {
  const values = parse(args);
  if (values.help) {
    return "help";
  }

  const quick = values.quick ?? false;
  return {
    rounds: whole("rounds", values.rounds, quick ? 1 : 3, 1),
    seconds: whole("seconds", values.seconds, quick ? 2 : 10, 1),
    warmup: whole("warmup", values.warmup, quick ? 1 : 8, 0),
    starts: whole("starts", values.starts, quick ? 1 : 5, 0),
    connections: whole("connections", values.connections, 150, 1),
    only: readNames(values.only),
    quick,
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.host === undefined ? {} : { host: values.host }),
  };
}

/** @param {readonly string[]} args */
function parse(args) {
  const text = /** @type {const} */ ({ type: "string" });
  const flag = /** @type {const} */ ({ type: "boolean" });
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: text,
        seconds: text,
        warmup: text,
        starts: text,
        connections: text,
        only: text,
        json: text,
        host: text,
        quick: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {number} fallback
 * @param {number} least
 */
function whole(name, text, fallback, least) {
  if (text === undefined) {
    return fallback;
  }
  if (!/^\d{1,6}$/.test(text) || Number(text) < least) {
    throw new UsageError(`--${name} takes a whole number of at least ${least}, not "${text}"`);
  }
  return Number(text);
}

/**
 * @param {string | undefined} text
 * @returns {readonly ContestantName[]}
 */
function readNames(text) {
  if (text === undefined) {
    return names;
  }
  const wanted = text.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) {
    throw new UsageError(`--only knows ${names.join(", ")}, not "${unknown.join(", ")}"`);
  }
  return names.filter((name) => wanted.includes(name));
}
