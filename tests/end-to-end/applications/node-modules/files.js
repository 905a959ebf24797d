import fs, { existsSync, readFileSync } from "fs";
import { constants, readFile, writeFile } from "node:fs/promises";
import * as files from "node:fs";

/**
 * What a value says of itself, the same for Node's classes and the isolate's.
 * @param {unknown} value
 * @returns {unknown}
 */
function shown(value) {
  if (value instanceof Error) {
    const { code, errno, syscall, path } = /** @type {NodeJS.ErrnoException} */ (value);
    // Of mistakes in arguments only what programs look at.
    const message = code?.startsWith("ERR_") ? "" : value.message;
    return { name: value.name, message, code, errno, syscall, path };
  }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex"), buffer: Buffer.isBuffer(value) };
  if (Array.isArray(value)) return value.map(shown).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (value instanceof fs.Dirent)
    return [value.name, value.parentPath, value.isFile(), value.isDirectory(), value.isSymbolicLink()];
  if (value instanceof fs.Stats) {
    const { mode, size, mtime, mtimeMs } = value;
    const kinds = [value.isFile(), value.isDirectory(), value.isSymbolicLink(), value.isFIFO(), value.isSocket()];
    return {
      mode,
      size: kinds[0] ? size : 0,
      kinds,
      times: mtime.getTime() === Math.floor(mtimeMs + 0.5) && mtimeMs > 1.6e12,
    };
  }
  return value === undefined ? "undefined" : value;
}

/**
 * Runs a list of calls in an empty folder; what each gave or threw.
 * @param {string} folder
 */
export async function runFiles(folder) {
  /** @type {unknown[]} */
  const results = [];
  /** @param {() => unknown} call */
  const step = async (call) => {
    let result;
    try {
      result = shown(await call());
    } catch (error) {
      result = shown(error);
    }
    results.push([String(call), JSON.parse(JSON.stringify(result).replaceAll(folder, "<folder>"))]);
  };
  /** @param {(done: (error: unknown, value?: unknown) => void) => void} start */
  const called = (start) =>
    new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));
  const at = (/** @type {string} */ name) => `${folder}/${name}`;
  const url = (/** @type {string} */ name) => new URL(`file://${encodeURI(folder)}/${encodeURIComponent(name)}`);

  await step(() => fs.writeFileSync(at("a.txt"), "ä\n"));
  await step(() => readFileSync(at("a.txt")));
  await step(() => readFileSync(at("a.txt"), "utf8"));
  await step(() => readFileSync(at("a.txt"), { encoding: "base64" }));
  await step(() => readFileSync(url("a.txt"), "latin1"));
  await step(() => readFileSync(Buffer.from(at("a.txt")), "hex"));
  await step(() => readFile(at("a.txt"), "utf-8"));
  await step(() => called((done) => files.readFile(at("a.txt"), done)));
  await step(() => called((done) => files.readFile(at("a.txt"), "ascii", done)));
  await step(() => called((done) => files.readFile(at("none"), done)));
  await step(() => readFileSync(at("none")));
  await step(() => readFileSync(folder));
  await step(() => readFileSync(at("a.txt/b")));
  await step(() => readFileSync(at("a\0b")));
  await step(() => readFileSync(at("a.txt"), /** @type {never} */ ("utf9")));
  await step(() => readFile(at("none")));
  await step(() => fs.appendFileSync(at("a.txt"), Buffer.from("more")));
  await step(() => writeFile(at("b.bin"), new Uint16Array([1, 2])));
  await step(() => writeFile(at("b.bin"), "x", { flag: "wx" }));
  await step(() => writeFile(at("hex.bin"), "00ff", "hex"));
  await step(() => readFile(at("hex.bin")));
  await step(() => fs.writeFileSync(at("missing/x"), ""));
  await step(() => fs.writeFileSync(folder, ""));
  await step(() => existsSync(at("a.txt")));
  await step(() => existsSync(at("none")));
  await step(() => existsSync(/** @type {never} */ (undefined)));
  await step(() => fs.accessSync(at("none")));
  await step(() => fs.accessSync(at("a.txt"), constants.R_OK));
  await step(() => fs.statSync(at("a.txt")));
  await step(() => fs.statSync(folder));
  await step(() => fs.statSync(at("none")));
  await step(() => fs.statSync(at("none"), { throwIfNoEntry: false }));
  await step(() => fs.lstatSync(at("none")));
  await step(() => fs.promises.stat(at("a.txt/")));
  await step(() => fs.mkdirSync(at("d")));
  await step(() => fs.mkdirSync(at("d")));
  await step(() => fs.mkdirSync(at("no/d")));
  await step(() => fs.mkdirSync(at("d/e/f"), { recursive: true }));
  await step(() => fs.mkdirSync(at("d/e/f"), { recursive: true }));
  await step(() => fs.mkdirSync(at("a.txt/d"), { recursive: true }));
  await step(() => fs.writeFileSync(at("d/e/file"), "1"));
  await step(() => fs.readdirSync(folder));
  await step(() => fs.readdirSync(at("d"), { recursive: true }));
  await step(() => fs.readdirSync(folder, { withFileTypes: true }));
  await step(() => fs.promises.readdir(at("d"), { withFileTypes: true, recursive: true }));
  await step(() => fs.readdirSync(at("none")));
  await step(() => fs.readdirSync(at("a.txt")));
  await step(() => fs.rmdirSync(at("d")));
  await step(() => fs.rmdirSync(at("a.txt")));
  await step(() => fs.rmdirSync(at("none")));
  await step(() => fs.unlinkSync(at("none")));
  await step(() => fs.rmSync(at("none")));
  await step(() => fs.rmSync(at("none"), { force: true }));
  await step(() => fs.rmSync(at("d"), { recursive: true }));
  await step(() => existsSync(at("d")));
  await step(() => fs.renameSync(at("a.txt"), at("c.txt")));
  await step(() => fs.renameSync(at("none"), at("d")));
  await step(() => fs.copyFileSync(at("c.txt"), at("b.bin")));
  await step(() => readFileSync(at("b.bin"), "utf8"));
  await step(() => fs.copyFileSync(at("c.txt"), at("b.bin"), constants.COPYFILE_EXCL));
  await step(() => called((done) => fs.copyFile(at("none"), at("x"), done)));
  await step(() => fs.realpathSync(at("c.txt")));
  await step(() => fs.realpathSync(at("none")));
  await step(() => fs.readdirSync(at("linked"), { recursive: true, withFileTypes: true }));
  await step(() => fs.statSync(at("linked/loop/loop/deep.txt")));
  await step(() => fs.lstatSync(at("linked/loop")).isSymbolicLink());
  await step(() => fs.realpathSync(at("linked/loop/loop/deep.txt")));
  await step(() => fs.lstatSync(at("linked/dangling")).isSymbolicLink());
  await step(() => fs.statSync(at("linked/dangling")));
  await step(() => fs.existsSync(at("linked/dangling")));
  await step(() => fs.readFileSync(at("linked/dangling")));
  await step(() => fs.realpathSync(at("linked/self")));
  await step(() => fs.readFileSync(at("linked/self")));
  await step(() => fs.rmSync(at("linked/loop"), { recursive: true }));
  await step(() => existsSync(at("linked/deep.txt")));
  await step(() => fs.rmSync(at("linked/dangling")));
  await step(() => fs.unlinkSync(at("linked/self")));
  await step(() => fs.readdirSync(at("linked")));
  await step(() => fs.statSync(""));
  await step(() => fs.readFileSync(""));
  await step(() => fs.writeFileSync("", "x"));
  await step(() => fs.mkdirSync(""));
  await step(() => fs.readdirSync(""));
  await step(() => fs.renameSync(at("c.txt"), ""));
  await step(() => fs.promises.access(""));
  await step(() => fs.existsSync(""));
  await step(() => fs.writeFileSync(at("n".repeat(300)), ""));
  await step(() => fs.readFileSync(at("n".repeat(300))));
  await step(() => fs.mkdirSync(at("n".repeat(300))));
  await step(() => fs.statSync("x/".repeat(5000)));
  await step(() => fs.statSync(at("n".repeat(300))));
  await step(() => fs.renameSync(at("c.txt"), at("n".repeat(300))));
  await step(() => fs.writeFileSync(at("empty"), ""));
  await step(() => readFileSync(at("empty"), "utf8"));
  await step(() => Promise.all([0, 1, 2].map((n) => fs.promises.appendFile(at("together"), `${n}`.repeat(3)))));
  await step(() => readFileSync(at("together"), "utf8").length);
  await step(() => fs.mkdtempSync(at("tmp-")).length - folder.length);
  await step(() => fs.readFileSync(/** @type {never} */ ({})));
  await step(() => fs.writeFileSync(at("x"), /** @type {never} */ (5)));
  await step(() => fs.readFileSync("/proc/sys/kernel/ostype", "utf8"));
  await step(() => new Promise((resolve) => fs.exists(at("c.txt"), resolve)));
  return results;
}
