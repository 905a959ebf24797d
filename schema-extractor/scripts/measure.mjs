// @ts-check
/**
 * Measures extraction: an application of 1,600 endpoints in 100 files, cold, and after edits of one file.
 *
 *     node scripts/measure.mjs [--endpoints 1600] [--files 100] [--edits 12] [--keep <folder>]
 *
 * What runs is dist/extractor.js in a context that has nothing of Node's, as in the host. Exits with 1 where a figure is
 * over its budget. `npm run build` comes first.
 */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createContext, runInContext } from "node:vm";
import { resourcePath, writeApplication } from "./generated-application.mjs";

/**
 * @typedef {import("../src/index.ts").Extractor} Extractor
 * @typedef {import("../src/index.ts").CheckResult} CheckResult
 */

const budgets = { cold: 6_000, edit: 400, memory: 600 };

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    endpoints: { type: "string", default: "1600" },
    files: { type: "string", default: "100" },
    edits: { type: "string", default: "12" },
    keep: { type: "string" },
  },
});
const size = { endpoints: Number(values.endpoints), files: Number(values.files) };
const root = values.keep ?? mkdtempSync(join(tmpdir(), "extraction-"));
writeApplication(root, size);
try {
  process.exitCode = measure();
} finally {
  if (values.keep === undefined) rmSync(root, { recursive: true });
}

/** @returns {number} the exit code */
function measure() {
  const started = performance.now();
  const extractor = startIsolate();
  const { protocol } = extractor;
  const session = extractor.open(
    JSON.stringify({
      protocol,
      root,
      sdkPath: join(home, "../ts-sdk"),
      libPath: join(home, "dist/lib"),
      generator: "measurement",
    }),
  );
  const loaded = performance.now();
  const first = checked(extractor.check(session, ""));
  const cold = performance.now() - started;
  const edits = [];
  for (let edit = 0; edit < Number(values.edits); edit++) edits.push(measureEdit(extractor, session, edit));
  // Memory last: what a session holds on to, and what a check needs beside it.
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  const median = edits.map(({ total }) => total).sort((a, b) => a - b)[Math.floor(edits.length / 2)] ?? 0;
  const worst = Math.max(...edits.map(({ total }) => total));
  console.log(
    `cold       ${Math.round(cold)} ms (script ${Math.round(loaded - started)}, ${describe(first.timings)}); artifact ${first.artifact.length} characters`,
  );
  for (const { name, total, timings } of edits)
    console.log(`edit       ${Math.round(total)} ms (${describe(timings)}) ${name}`);
  console.log(`edit       median ${Math.round(median)} ms, worst ${Math.round(worst)} ms`);
  console.log(`memory     ${memory} MB at most`);
  const over = [
    cold > budgets.cold ? `cold: over ${budgets.cold} ms` : undefined,
    median > budgets.edit ? `edit: over ${budgets.edit} ms` : undefined,
    memory > budgets.memory ? `memory: over ${budgets.memory} MB` : undefined,
  ].filter((line) => line !== undefined);
  for (const line of over) console.log(line);
  return over.length === 0 ? 0 : 1;
}

/** Every other edit changes a type, the others only a handler. @param {Extractor} extractor @param {number} session @param {number} edit */
function measureEdit(extractor, session, edit) {
  const path = join(root, resourcePath((edit * 7) % size.files));
  const before = readFileSync(path, "utf8");
  const isType = edit % 2 === 0;
  const after = isType
    ? before.replace("  tags: string[];", `  tags: string[];\n  added${edit}?: { note: string };`)
    : before.replace("throw new Error(id);", `throw new Error(id + "${edit}");`);
  writeFileSync(path, after);
  const started = performance.now();
  const { timings } = checked(extractor.check(session, JSON.stringify([path])));
  return { name: isType ? "a type" : "a handler", total: performance.now() - started, timings };
}

/**
 * @param {string} answer
 * @returns {CheckResult & { artifact: string }}
 */
function checked(answer) {
  /** @type {unknown} */
  const parsed = JSON.parse(answer);
  const result = /** @type {CheckResult} */ (parsed);
  if (result.artifact === null) throw new Error(JSON.stringify(result.diagnostics.slice(0, 3), null, 1));
  return { ...result, artifact: result.artifact };
}

/** @param {{ program: number, check: number, extract: number }} timings */
function describe({ program, check, extract }) {
  return `program ${program}, check ${check}, extract ${extract}`;
}

/** The script in a context of its own, with the host's functions and nothing else. @returns {Extractor} */
function startIsolate() {
  const host = {
    readFile: (/** @type {string} */ path) => attempt(() => readFileSync(path, "utf8")) ?? null,
    fileExists: (/** @type {string} */ path) => attempt(() => statSync(path).isFile()) ?? false,
    directoryExists: (/** @type {string} */ path) => attempt(() => statSync(path).isDirectory()) ?? false,
    listDirectory: (/** @type {string} */ path) => {
      const entries = existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
      return JSON.stringify({
        files: entries.filter((entry) => entry.isFile()).map((entry) => entry.name),
        directories: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
      });
    },
    realpath: (/** @type {string} */ path) => attempt(() => realpathSync(path)) ?? path,
  };
  const context = createContext({ __compiler: host });
  runInContext(readFileSync(join(home, "dist/extractor.js"), "utf8"), context, { filename: "extractor.js" });
  return /** @type {{ extractor: Extractor }} */ (/** @type {unknown} */ (context)).extractor;
}

/** @template T @param {() => T} action @returns {T | undefined} */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
