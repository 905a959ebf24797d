/**
 * The part of Node's `fs` that reads and writes whole files and folders, in its three forms: at once, by promises, and with a callback.
 * What works on open files, streams and watching isn't here: those functions throw an error that says so.
 */
import { calls, constants, isForgiven, type FileCall } from "./calls.js";
import { Dirent, Stats } from "./entries.js";
import { ask, askLater, coded, pathOf } from "./requests.js";

type Name = keyof typeof calls;
type Anything = (...args: unknown[]) => unknown;
type Callback = (error: unknown, value?: unknown) => void;

function atOnce(name: Name): Anything {
  const call: FileCall = calls[name];
  return (...args) => {
    try {
      return call.result(ask(call.request(...args)), ...args);
    } catch (error) {
      if (isForgiven(name, args, error)) return undefined;
      throw error;
    }
  };
}

function byPromise(name: Name): (...args: unknown[]) => Promise<unknown> {
  const call: FileCall = calls[name];
  return async (...args) => {
    try {
      return call.result(await askLater(call.request(...args)), ...args);
    } catch (error) {
      if (isForgiven(name, args, error)) return undefined;
      throw error;
    }
  };
}

/** The callback is the last argument; what it throws is nobody's to catch. */
function withCallback(name: Name): Anything {
  const run = byPromise(name);
  return (...args) => {
    const callback = args.slice(0, calls[name].arity + 1).findLast((each) => typeof each === "function");
    if (callback === undefined) {
      throw coded(TypeError, "ERR_INVALID_ARG_TYPE", 'The "cb" argument must be of type function. Received undefined');
    }
    const tell = callback as Callback;
    const values = args.slice(0, args.lastIndexOf(callback));
    run(...values).then(
      (value) => {
        setImmediate(tell, null, value);
      },
      (error: unknown) => {
        setImmediate(tell, error);
      },
    );
  };
}

function missing(name: string): Anything {
  return () => {
    throw coded(
      Error,
      "ERR_METHOD_NOT_IMPLEMENTED",
      `${name} of node:fs isn't available in the isolate: it reads and writes whole files (readFile, writeFile, readdir, stat, …).`,
    );
  };
}

export const readFileSync = atOnce("readFile");
export const writeFileSync = atOnce("writeFile");
export const appendFileSync = atOnce("appendFile");
export const lstatSync = atOnce("lstat");
export const accessSync = atOnce("access");
export const readdirSync = atOnce("readdir");
export const realpathSync = atOnce("realpath");
export const mkdirSync = atOnce("mkdir");
export const mkdtempSync = atOnce("mkdtemp");
export const rmSync = atOnce("rm");
export const rmdirSync = atOnce("rmdir");
export const unlinkSync = atOnce("unlink");
export const renameSync = atOnce("rename");
export const copyFileSync = atOnce("copyFile");

const statusAtOnce = atOnce("stat");

export function statSync(path: unknown, options?: { throwIfNoEntry?: boolean }): unknown {
  try {
    return statusAtOnce(path, options);
  } catch (error) {
    const { code } = error as { code?: string };
    if (options?.throwIfNoEntry === false && (code === "ENOENT" || code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Never throws. */
export function existsSync(path: unknown): boolean {
  try {
    ask({ operation: "access", path: pathOf(path) });
    return true;
  } catch {
    return false;
  }
}

export const readFile = withCallback("readFile");
export const writeFile = withCallback("writeFile");
export const appendFile = withCallback("appendFile");
export const stat = withCallback("stat");
export const lstat = withCallback("lstat");
export const access = withCallback("access");
export const readdir = withCallback("readdir");
export const realpath = withCallback("realpath");
export const mkdir = withCallback("mkdir");
export const mkdtemp = withCallback("mkdtemp");
export const rm = withCallback("rm");
export const rmdir = withCallback("rmdir");
export const unlink = withCallback("unlink");
export const rename = withCallback("rename");
export const copyFile = withCallback("copyFile");

/** As old programs ask: the callback has no error. */
export function exists(path: unknown, callback: (isThere: boolean) => void): void {
  setImmediate(() => {
    callback(existsSync(path));
  });
}

export const createReadStream = missing("createReadStream");
export const createWriteStream = missing("createWriteStream");
export const open = missing("open");
export const openSync = missing("openSync");
export const close = missing("close");
export const closeSync = missing("closeSync");
export const watch = missing("watch");
export const watchFile = missing("watchFile");

/** `node:fs/promises`. */
export const promises = {
  ...(Object.fromEntries((Object.keys(calls) as Name[]).map((name) => [name, byPromise(name)])) as Record<
    Name,
    (...args: unknown[]) => Promise<unknown>
  >),
  constants,
};

export { constants, Dirent, Stats };
export const { F_OK, R_OK, W_OK, X_OK } = constants;
