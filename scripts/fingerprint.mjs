// @ts-check
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { path, repository } from "./repository.mjs";

/** Folders that hold what builds make; the same names as in .gitignore. */
const madeFolders = new Set([
  "bin",
  "obj",
  "node_modules",
  "dist",
  "build",
  "generated",
  "artifacts",
  "TestResults",
  ".encore",
]);

/**
 * A hash over names and contents: the same for the same sources, whatever their dates.
 * @param {readonly string[]} inputs files and folders, relative to the repository; a missing one counts as empty
 * @param {string} [root] for tests
 */
export function fingerprint(inputs, root = repository) {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of filesOf(root, input)) {
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

/**
 * Does work only when its inputs changed since it last succeeded or its output is gone.
 * @param {string} name of the stamp
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs files, relative to the repository
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function whenChanged(name, inputs, outputs, work) {
  const stamp = stampOf(name);
  const now = fingerprint(inputs);
  if (outputs.every((output) => existsSync(path(output))) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) {
    return false;
  }
  forget(name);
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

/**
 * Makes work necessary the next time.
 * @param {string} name of the stamp
 */
export function forget(name) {
  rmSync(stampOf(name), { force: true });
}

/** @param {string} name */
function stampOf(name) {
  return path("artifacts", "stamps", name);
}

/**
 * @param {string} root
 * @param {string} input
 * @returns {string[]} sorted, relative to the root
 */
function filesOf(root, input) {
  const stat = statSync(join(root, input), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [input];
  return readdirSync(join(root, input), { withFileTypes: true })
    .filter((entry) => !(entry.isDirectory() && madeFolders.has(entry.name)))
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => filesOf(root, `${input}/${name}`));
}
