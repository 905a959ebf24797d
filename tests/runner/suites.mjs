// @ts-check
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { attempt, CommandError, dotnetEnvironment } from "../../scripts/command.mjs";
import { path } from "../../scripts/repository.mjs";
import { failure, judge } from "./outcome.mjs";
import { readTap, readTrx } from "./reports.mjs";

/** @typedef {import("./outcome.mjs").Outcome} Outcome */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {() => Promise<{ outcome: Outcome, output: string }>} run
 */

export const resultsFolder = path("artifacts", "test-results");

/**
 * A suite whose command ends in `node --test`.
 * @param {string} name
 * @param {readonly [string, ...string[]]} command
 * @returns {Suite}
 */
export function nodeSuite(name, command) {
  return {
    name,
    run: async () => {
      const report = join(resultsFolder, `${name}.tap`);
      rmSync(report, { force: true });
      const [program, ...args] = command;
      const { code, output } = await attempted(program, args, { NODE_OPTIONS: reporters(report) });
      return { outcome: judge(readReport(report, readTap), code), output };
    },
  };
}

/**
 * A built .NET test project.
 * @param {string} project relative to the repository
 * @returns {Suite}
 */
export function dotnetSuite(project) {
  const name = basename(project, ".csproj");
  return {
    name,
    run: async () => {
      const report = `${name}.trx`;
      rmSync(join(resultsFolder, report), { force: true });
      const logging = ["--logger", `trx;LogFileName=${report}`, "--results-directory", resultsFolder];
      const args = ["test", project, "-c", "Release", "--no-build", "--nologo", ...logging];
      const { code, output } = await attempted("dotnet", args, dotnetEnvironment);
      return { outcome: judge(readReport(join(resultsFolder, report), readTrx), code), output };
    },
  };
}

/**
 * A command that is one test: it passes by exiting with 0.
 * @param {string} name
 * @param {readonly [string, ...string[]]} command
 * @returns {Suite}
 */
export function checkSuite(name, command) {
  return {
    name,
    run: async () => {
      const [program, ...args] = command;
      const { code, output } = await attempted(program, args, dotnetEnvironment);
      return { outcome: code === 0 ? { passed: 1, failed: 0, skipped: 0 } : failure(`exit code ${code}`), output };
    },
  };
}

/** Every .NET test project there is; a new one needs no entry. Programs that tests start are called otherwise. */
export function dotnetTestProjects() {
  return readdirSync(path("tests"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(path("tests", name)).map((file) => `tests/${name}/${file}`))
    .filter((file) => file.endsWith(".Tests.csproj"))
    .sort();
}

/**
 * The tests in a folder; node itself takes folders in some versions and patterns in others.
 * @param {string} folder relative to the repository
 */
export function testFiles(folder) {
  return readdirSync(path(folder))
    .filter((file) => file.endsWith(".test.mjs"))
    .sort()
    .map((file) => `${folder}/${file}`);
}

/**
 * For people on standard output, for the counts in a file.
 * @param {string} report
 */
function reporters(report) {
  return [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=tap",
    `"--test-reporter-destination=${report.replaceAll("\\", "/")}"`,
  ].join(" ");
}

/**
 * @param {string} file
 * @param {(text: string) => Outcome | undefined} read
 */
function readReport(file, read) {
  try {
    return read(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 */
async function attempted(program, args, env) {
  try {
    return await attempt(program, args, { env });
  } catch (error) {
    if (error instanceof CommandError) return { code: 127, output: error.message };
    throw error;
  }
}
