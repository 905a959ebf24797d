// @ts-check
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** @typedef {import("./options.mjs").ContestantName} ContestantName */

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} processors
 * @property {number} memoryGiB
 * @property {string} kernel
 * @property {number} load runnable processes over the last minute, before the comparison began
 */

/** @returns {Machine} */
export function machine() {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    processors: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load: loadavg()[0] ?? 0,
  };
}

/**
 * What was measured, and with what.
 * @param {readonly ContestantName[]} wanted
 * @param {string} host the `encore-host` program
 * @returns {Record<string, string>}
 */
export function versions(wanted, host) {
  /** @type {Record<ContestantName, () => Record<string, string>>} */
  const readers = {
    ours: () => ({ "encore-host": firstLine(execFileSync(host, ["--version"], { encoding: "utf8" })) }),
    kestrel: () => ({ "ASP.NET Core": aspNetCore(execFileSync("dotnet", ["--list-runtimes"], { encoding: "utf8" })) }),
    bun: () => ({ Bun: packageVersion("@oven/bun-linux-x64"), Zod: packageVersion("zod") }),
    fastify: () => ({
      "Node.js": process.versions.node,
      Fastify: packageVersion("fastify"),
      Ajv: packageVersion("ajv"),
    }),
    express: () => ({
      "Node.js": process.versions.node,
      Express: packageVersion("express"),
      Zod: packageVersion("zod"),
    }),
  };
  // wrk prints its version with its usage, and calls that a failure.
  const wrk = spawnSync("wrk", ["-v"], { encoding: "utf8" }).stdout;
  return Object.assign({ wrk: /^wrk (\S+)/.exec(wrk)?.[1] ?? "unknown" }, ...wanted.map((name) => readers[name]()));
}

/** @param {string} text */
function firstLine(text) {
  return text.split("\n", 1)[0] ?? "";
}

/** The newest installed one, which an application without a pin of its own rolls forward to. @param {string} runtimes */
function aspNetCore(runtimes) {
  const found = [...runtimes.matchAll(/^Microsoft\.AspNetCore\.App (10\.0\.\S+)/gm)].map((match) => match[1] ?? "");
  return found.at(-1) ?? "unknown";
}

/** @param {string} name */
function packageVersion(name) {
  /** @type {{ version: string }} */
  const manifest = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), "utf8"));
  return manifest.version;
}
