// @ts-check
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { checks } from "../scripts/checks.mjs";
import { CommandError, dotnet } from "../scripts/command.mjs";
import { installDebian } from "../scripts/debian.mjs";
import { whenChanged } from "../scripts/fingerprint.mjs";
import { publishHost } from "../scripts/host.mjs";
import { main } from "../scripts/main.mjs";
import { pack } from "../scripts/pack.mjs";
import { buildPackages } from "../scripts/packages.mjs";
import { say, step } from "../scripts/progress.mjs";
import { restore } from "../scripts/restore.mjs";
import { closingLine, failure, total } from "./runner/outcome.mjs";
import { schedule } from "./runner/schedule.mjs";
import { checkSuite, dotnetSuite, dotnetTestProjects, nodeSuite, resultsFolder, testFiles } from "./runner/suites.mjs";

/** @typedef {import("./runner/outcome.mjs").Outcome} Outcome */
/** @typedef {import("./runner/suites.mjs").Suite} Suite */

const usage = `npm test [-- <part of a suite's name>...]

Restores, builds and runs every test; with arguments only the suites whose name contains one of them.
What each suite wrote is kept in artifacts/test-results.`;

/** What `dotnet build` reads, besides the tests. */
const sources = ["Bridge.sln", ".editorconfig", "global.json", "Directory.Build.props", "Directory.Packages.props"];

/** So much of a failed suite's output is shown; all of it is in its log. */
const shownLines = 200;

await main(import.meta.url, async (args) => {
  if (args.includes("--help")) {
    say(usage);
    return 0;
  }
  const start = performance.now();
  mkdirSync(resultsFolder, { recursive: true });
  const outcomes = await prepareAndRun(args);
  const all = total(outcomes);
  say(
    `\n${outcomes.length} suites in ${((performance.now() - start) / 1000).toFixed(0)} s, ${all.skipped} tests skipped`,
  );
  process.stdout.write(`${closingLine(all)}\n`);
  return all.failed === 0 ? 0 : 1;
});

/**
 * @param {readonly string[]} wanted parts of names
 * @returns {Promise<Outcome[]>}
 */
async function prepareAndRun(wanted) {
  try {
    await prepare();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say(`\n${error.output.trimEnd()}\n`);
    return [failure(error.message)];
  }
  const isChosen = (/** @type {Suite} */ { name }) => wanted.length === 0 || wanted.some((part) => name.includes(part));
  const outcomes = [];
  for (const suites of [packageSuites(), productSuites()]) {
    const jobs = suites.filter(isChosen).map((suite) => () => runSuite(suite));
    outcomes.push(...(await schedule(jobs, Math.min(2, availableParallelism()))));
  }
  return outcomes.length === 0 ? [failure("no suite has such a name")] : outcomes;
}

/** Everything that suites need is built before the first one starts: two builds of one project at a time disturb each other. */
async function prepare() {
  await restore();
  // A browser, a second version of PostgreSQL with its psql, and brokers.
  await Promise.all([
    buildPackages(),
    buildDotnet(),
    installDebian("chromium", "postgresql", "redis-server", "nats-server", "rabbitmq-server"),
  ]);
  await pack(false);
}

async function buildDotnet() {
  await publishHost();
  const projects = dotnetTestProjects();
  const inputs = [
    ...sources,
    "bridge",
    "host",
    "bench/Bridge.Bench",
    "tests/Bridge.PubSub.Peer",
    ...projects.map(dirname),
  ];
  const outputs = projects.map(
    (project) => `${dirname(project)}/bin/Release/net10.0/${basename(project, ".csproj")}.dll`,
  );
  await whenChanged("solution", inputs, outputs, async () => {
    await step("Bridge.sln (dotnet build)", () =>
      dotnet("build", "Bridge.sln", "-c", "Release", "-v", "q", "--nologo"),
    );
  });
}

/** Those that build what they test anew: done before others read it. */
function packageSuites() {
  return [
    nodeSuite("schema-extractor", ["npm", "test", "--workspace", "schema-extractor"]),
    nodeSuite("ts-sdk", ["npm", "test", "--workspace", "ts-sdk"]),
    nodeSuite("bench-compare", ["npm", "test", "--prefix", "bench/compare"]),
    nodeSuite("scripts", ["node", "--test", ...testFiles("tests/runner"), ...testFiles("scripts")]),
  ];
}

/** The longest first, so that none of them runs on alone at the end. */
function productSuites() {
  return [
    nodeSuite("end-to-end", ["node", "--test", ...testFiles("tests/end-to-end")]),
    ...dotnetTestProjects().map(dotnetSuite),
    ...checks.map(({ name, command }) => checkSuite(name, command)),
  ];
}

/**
 * @param {Suite} suite
 * @returns {Promise<Outcome>}
 */
async function runSuite(suite) {
  const start = performance.now();
  say(`  ${suite.name} …`);
  const { outcome, output } = await suite.run();
  const log = join(resultsFolder, `${suite.name}.log`);
  writeFileSync(log, output);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (outcome.failed > 0) {
    const lines = output.trimEnd().split("\n");
    if (lines.length > shownLines) say(`(the beginning is in ${log})`);
    say(lines.slice(-shownLines).join("\n"));
  }
  const problem = outcome.problem === undefined ? "" : `: ${outcome.problem}`;
  say(`${outcome.failed === 0 ? "✓" : "✗"} ${suite.name}: ${closingLine(outcome)} (${seconds} s)${problem}`);
  return outcome;
}
