// @ts-check
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { basename, join } from "node:path";
import { app, appOutput, folder, kestrelOutput, kestrelProject, repository } from "./contestants.mjs";
import { UsageError } from "./options.mjs";

/** @typedef {import("./options.mjs").ContestantName} ContestantName */

/**
 * Installs and builds what the wanted servers need and is not there yet.
 * @param {readonly ContestantName[]} wanted
 * @param {string} host the `encore-host` program
 */
export function prepare(wanted, host) {
  installWrk();
  if (wanted.some((name) => name === "bun" || name === "fastify" || name === "express")) {
    installFrameworks();
  }
  if (wanted.includes("kestrel")) {
    buildProject(kestrelProject, kestrelOutput);
  }
  if (wanted.includes("ours")) {
    buildApplication(host, app, appOutput);
  }
}

export function installWrk() {
  if (!isRunnable("wrk", ["-v"])) {
    step("installing wrk");
    run("bash", [join(repository, ".ci/debian-packages.sh"), "wrk"]);
  }
}

export function installFrameworks() {
  if (!isInstalled()) {
    step("installing the frameworks (npm ci)");
    run("npm", ["ci", "--omit=dev", "--loglevel=error"], folder);
  }
}

/**
 * @param {string} project
 * @param {string} output
 */
export function buildProject(project, output) {
  step(`building ${basename(project, ".csproj")}`);
  // No build server may stay behind and share the processors with what is measured.
  const alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
  run("dotnet", ["build", project, "-c", "Release", "-o", output, "-v", "q", "--nologo", ...alone]);
}

/**
 * @param {string} host the `encore-host` program
 * @param {string} source
 * @param {string} output
 */
export function buildApplication(host, source, output) {
  try {
    accessSync(host, constants.X_OK);
  } catch {
    throw new UsageError(`no encore-host at ${host}: build it with "npm run build", or name one with --host`);
  }
  step("building the application (encore-host build)");
  run(host, ["build", source, "-o", output]);
}

/** Whether the installed packages are those of the lock file. */
function isInstalled() {
  const changed = (/** @type {string} */ file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return changed("node_modules/.package-lock.json") >= changed("package-lock.json");
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function isRunnable(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).error === undefined;
}

/** @param {string} text */
function step(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Standard output belongs to the report.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} [cwd]
 */
function run(command, args, cwd = repository) {
  const { error, status, signal } = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2] });
  if (error !== undefined || status !== 0) {
    throw new Error(`${command} ${args[0]} failed (${error?.message ?? signal ?? `exit code ${status}`})`);
  }
}
