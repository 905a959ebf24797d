// @ts-check
import { spawn } from "node:child_process";
import { userEnvironment } from "./environment.mjs";

/**
 * @typedef {object} Finished
 * @property {number | null} code null if a signal ended it
 * @property {string} stdout
 * @property {string} stderr
 */

/** Longer than any command takes, even while other tests use the processors. */
const limitMilliseconds = 120_000;

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string> }} options
 * @returns {Promise<Finished>}
 */
export function finish(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: userEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitMilliseconds,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
