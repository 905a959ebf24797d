// @ts-check
import { performance } from "node:perf_hooks";

/** A step that takes longer says at this pace that it is still at work. */
const heartbeatMilliseconds = 15_000;

/**
 * Runs a step and tells when it starts and how it ended. Progress goes to standard error: standard output belongs to the command's result.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  say(`  ${title} …`);
  const heartbeat = setInterval(() => {
    say(`  ${title} … ${seconds()}`);
  }, heartbeatMilliseconds);
  try {
    const result = await work();
    say(`${mark("✓", 32)} ${title} (${seconds()})`);
    return result;
  } catch (error) {
    say(`${mark("✗", 31)} ${title} (${seconds()})`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * @param {string} sign
 * @param {number} colour ANSI
 */
function mark(sign, colour) {
  return process.stderr.isTTY && !process.env["NO_COLOR"] ? `\u001b[${colour}m${sign}\u001b[0m` : sign;
}
