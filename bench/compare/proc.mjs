// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

/**
 * Reads what Linux counts per process and thread (proc(5)). Every reader takes the root of `/proc` so that tests can
 * give a folder of their own.
 */

/**
 * @typedef {object} ProcessStat
 * @property {number} pid
 * @property {string} name `comm`: at most 15 bytes, may hold spaces and parentheses
 * @property {number} parent
 * @property {number} ticks CPU of all its threads, ended ones too, and of the children it has waited for
 */

/**
 * @typedef {object} ThreadCpu
 * @property {string} name
 * @property {number} microseconds
 */

/**
 * @typedef {object} CpuSnapshot
 * @property {number} microseconds CPU of the process and all its descendants so far
 * @property {ReadonlyMap<string, ThreadCpu>} threads by "pid/tid"
 */

/**
 * Parses `/proc/<pid>/stat`.
 * @param {string} text
 * @returns {ProcessStat}
 */
export function parseStat(text) {
  const open = text.indexOf("(");
  // The name is not escaped: only the last parenthesis surely ends it.
  const close = text.lastIndexOf(")");
  const fields = text.slice(close + 2).split(" ");
  // proc(5) numbers the fields from 1; what follows the name starts at field 3.
  const field = (/** @type {number} */ number) => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  if (open < 0 || close < open || !Number.isFinite(ticks)) {
    throw new SyntaxError(`not a stat line: ${text}`);
  }
  return { pid: Number(text.slice(0, open)), name: text.slice(open + 1, close), parent: field(4), ticks };
}

/**
 * Parses `/proc/<pid>/task/<tid>/schedstat`: nanoseconds on the CPU, nanoseconds waiting for it, time slices.
 * @param {string} text
 * @returns {number} microseconds on the CPU
 */
export function parseSchedstat(text) {
  const nanoseconds = /^(\d+) /.exec(text)?.[1];
  if (nanoseconds === undefined) {
    throw new SyntaxError(`not a schedstat line: ${text}`);
  }
  return Number(nanoseconds) / 1000;
}

/**
 * Parses `VmRSS` out of `/proc/<pid>/status`.
 * @param {string} text
 * @returns {number} bytes; 0 for a process that has ended and is not yet waited for
 */
export function parseResidentBytes(text) {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024;
}

/**
 * The process and all its descendants that live now.
 * @param {number} root
 * @param {string} [proc]
 * @returns {readonly ProcessStat[]} the root first; empty when it has ended
 */
export function processTree(root, proc = "/proc") {
  const all = numbers(proc).flatMap((pid) => {
    const text = readIfThere(`${proc}/${pid}/stat`);
    return text === undefined ? [] : [parseStat(text)];
  });
  const tree = all.filter((entry) => entry.pid === root);
  // Grows while it is walked: children are appended behind their parent.
  for (const parent of tree) {
    tree.push(...all.filter((entry) => entry.parent === parent.pid));
  }
  return tree;
}

/**
 * @param {number} root
 * @param {string} [proc]
 * @returns {CpuSnapshot}
 */
export function cpuSnapshot(root, proc = "/proc") {
  /** @type {Map<string, ThreadCpu>} */
  const threads = new Map();
  let ticks = 0;
  for (const entry of processTree(root, proc)) {
    ticks += entry.ticks;
    for (const tid of numbers(`${proc}/${entry.pid}/task`)) {
      const task = `${proc}/${entry.pid}/task/${tid}`;
      const name = readIfThere(`${task}/comm`);
      const schedstat = readIfThere(`${task}/schedstat`);
      if (name !== undefined && schedstat !== undefined) {
        threads.set(`${entry.pid}/${tid}`, { name: name.trimEnd(), microseconds: parseSchedstat(schedstat) });
      }
    }
  }
  return { microseconds: (ticks * 1e6) / clockTicksPerSecond(), threads };
}

/**
 * The CPU each thread used between two snapshots, the busiest first. Threads that ended in between are missing.
 * @param {CpuSnapshot} before
 * @param {CpuSnapshot} after
 * @returns {ThreadCpu[]}
 */
export function threadsBetween(before, after) {
  return [...after.threads]
    .map(([id, { name, microseconds }]) => ({
      name,
      microseconds: microseconds - (before.threads.get(id)?.microseconds ?? 0),
    }))
    .toSorted((a, b) => b.microseconds - a.microseconds);
}

/**
 * Resident memory of the process and all its descendants. Pages they share are counted once for each.
 * @param {number} root
 * @param {string} [proc]
 * @returns {number} bytes
 */
export function residentBytes(root, proc = "/proc") {
  return processTree(root, proc)
    .map(({ pid }) => parseResidentBytes(readIfThere(`${proc}/${pid}/status`) ?? ""))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * What V8 asks the system for lies at random places in the lower 64 TiB (its own choice, so that addresses can't be guessed); everything else,
 * from the program to .NET's heap, is put above by Linux.
 */
const v8Limit = 2n ** 46n;

/**
 * Resident memory of V8's heaps in a process, from `/proc/<pid>/smaps`.
 * @param {number} pid
 * @param {string} [proc]
 * @returns {number} bytes
 */
export function v8Bytes(pid, proc = "/proc") {
  let bytes = 0;
  let isV8 = false;
  for (const line of (readIfThere(`${proc}/${pid}/smaps`) ?? "").split("\n")) {
    const start = /^([0-9a-f]+)-[0-9a-f]+ /.exec(line)?.[1];
    if (start !== undefined) {
      isV8 = BigInt(`0x${start}`) < v8Limit;
    } else if (isV8) {
      bytes += Number(/^Rss:\s+(\d+) kB$/.exec(line)?.[1] ?? 0) * 1024;
    }
  }
  return bytes;
}

/** @type {number | undefined} */
let clockTicks;

/** The unit of the times in `stat`. */
function clockTicksPerSecond() {
  return (clockTicks ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" })));
}

/** @param {string} folder */
function numbers(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch (error) {
    return whenGone(error, []);
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return whenGone(error, undefined);
  }
}

/**
 * A process may end between listing and reading it; that is no error.
 * @template T
 * @param {unknown} error
 * @param {T} value
 * @returns {T}
 */
function whenGone(error, value) {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ESRCH") {
    return value;
  }
  throw error;
}
