// @ts-check
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * The program that a process runs.
 * @param {number} pid
 */
export function executable(pid) {
  return readlinkSync(`/proc/${pid}/exe`);
}

/**
 * The processes that a process started and that still run.
 * @param {number} pid
 * @returns {number[]}
 */
export function children(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

/**
 * A process and all below it.
 * @param {number} pid
 * @returns {number[]}
 */
export function tree(pid) {
  return [pid, ...children(pid).flatMap(tree)];
}

/** @param {number} pid */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Those of some processes that still run when time is up.
 * @param {readonly number[]} processes
 */
export async function survivors(processes) {
  const end = performance.now() + 10_000;
  while (processes.some(isRunning) && performance.now() < end) await delay(20);
  return processes.filter(isRunning);
}
