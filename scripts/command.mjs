// @ts-check
import { spawn } from "node:child_process";
import { repository } from "./repository.mjs";

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd] the repository's root if left out
 * @property {Record<string, string>} [env] besides this process's own
 */

/** A program that could not be started or did not exit with 0. */
export class CommandError extends Error {
  /**
   * @param {string} message one line
   * @param {string} output everything the program wrote
   */
  constructor(message, output) {
    super(message);
    this.name = "CommandError";
    this.output = output;
  }
}

/**
 * Runs a program to its end, without standard input.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} its exit code (128 for a signal) and what it wrote to both streams
 */
export async function attempt(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd ?? repository,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // npm and npx are scripts on Windows.
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (/** @type {string} */ text) => {
      output += text;
    });
  }
  return await new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(new CommandError(`${command} can't be started: ${error.message}`, output));
    });
    child.once("close", (code) => {
      resolve({ code: code ?? 128, output });
    });
  });
}

/**
 * Runs a program that has to succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} what it wrote
 * @throws {CommandError}
 */
export async function run(command, args, options = {}) {
  const { code, output } = await attempt(command, args, options);
  if (code !== 0)
    throw new CommandError(`${command} ${args.slice(0, 2).join(" ")} failed with exit code ${code}`, output);
  return output;
}

/** .NET's command line, quiet and leaving no process behind that keeps files or pipes open. */
export const dotnetEnvironment = {
  DOTNET_CLI_TELEMETRY_OPTOUT: "1",
  DOTNET_NOLOGO: "1",
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: "1",
  DOTNET_CLI_USE_MSBUILD_SERVER: "0",
  MSBUILDDISABLENODEREUSE: "1",
  UseSharedCompilation: "false",
};

/**
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export function dotnet(...args) {
  return run("dotnet", args, { env: dotnetEnvironment });
}
