import { bytesOf, contentsAs, encodingOf } from "./contents.js";
import { entriesOf, Stats, type StatusValue } from "./entries.js";
import { coded, pathOf, type FileRequest } from "./requests.js";

/** One of `node:fs`'s functions: what it asks of the host, and what it gives back for the answer. */
export interface FileCall {
  /** How many arguments it has besides the callback. */
  readonly arity: number;
  request(...args: unknown[]): FileRequest;
  result(answer: unknown, ...args: unknown[]): unknown;
}

interface Options {
  recursive?: boolean;
  force?: boolean;
  withFileTypes?: boolean;
  flag?: string;
}

const optionsOf = (value: unknown): Options => (typeof value === "object" && value !== null ? value : {});
const nothing = (): undefined => undefined;

/** https://nodejs.org/api/fs.html#file-system-flags */
function writing(path: unknown, data: unknown, options: unknown, usual: "w" | "a"): FileRequest {
  const flag = optionsOf(options).flag ?? usual;
  const bytes = bytesOf(data, encodingOf(options));
  if (flag === "a" || flag === "as") return { operation: "appendFile", path: pathOf(path), bytes };
  if (flag === "w" || flag === "wx" || flag === "xw") {
    return { operation: "writeFile", path: pathOf(path), flag: flag !== "w", bytes };
  }
  throw coded(TypeError, "ERR_INVALID_ARG_VALUE", `The argument 'flag' is not supported here. Received '${flag}'`);
}

const status = (path: unknown, follows: boolean): FileRequest => ({
  operation: "stat",
  path: pathOf(path),
  flag: follows,
});

/** By the names of their forms that take a callback. */
export const calls = {
  readFile: {
    arity: 2,
    request: (path, options) => {
      encodingOf(options);
      return { operation: "readFile", path: pathOf(path) };
    },
    result: (answer, _, options) => contentsAs(answer, encodingOf(options)),
  },
  writeFile: { arity: 3, request: (path, data, options) => writing(path, data, options, "w"), result: nothing },
  appendFile: { arity: 3, request: (path, data, options) => writing(path, data, options, "a"), result: nothing },
  stat: {
    arity: 2,
    request: (path) => status(path, true),
    result: (answer) => new Stats(answer as StatusValue),
  },
  lstat: {
    arity: 2,
    request: (path) => status(path, false),
    result: (answer) => new Stats(answer as StatusValue),
  },
  access: { arity: 2, request: (path) => ({ operation: "access", path: pathOf(path) }), result: nothing },
  readdir: {
    arity: 2,
    request: (path, options) => ({
      operation: "readdir",
      path: pathOf(path),
      flag: optionsOf(options).recursive === true,
    }),
    result: (answer, path, options) => entriesOf(answer, pathOf(path), optionsOf(options).withFileTypes === true),
  },
  realpath: {
    arity: 2,
    request: (path) => ({ operation: "realpath", path: pathOf(path) }),
    result: (answer) => answer,
  },
  mkdir: {
    arity: 2,
    request: (path, options) => ({
      operation: "mkdir",
      path: pathOf(path),
      flag: optionsOf(options).recursive === true,
    }),
    result: (answer) => answer ?? undefined,
  },
  mkdtemp: {
    arity: 2,
    request: (prefix) => ({ operation: "mkdtemp", path: pathOf(prefix, "prefix") }),
    result: (answer) => answer,
  },
  rm: {
    arity: 2,
    request: (path, options) => ({
      operation: "rm",
      path: pathOf(path),
      flag: optionsOf(options).recursive === true,
    }),
    result: nothing,
  },
  rmdir: { arity: 2, request: (path) => ({ operation: "rmdir", path: pathOf(path) }), result: nothing },
  unlink: { arity: 1, request: (path) => ({ operation: "unlink", path: pathOf(path) }), result: nothing },
  rename: {
    arity: 2,
    request: (from, to) => ({
      operation: "rename",
      path: pathOf(from, "oldPath"),
      target: pathOf(to, "newPath"),
    }),
    result: nothing,
  },
  copyFile: {
    arity: 3,
    request: (from, to, mode) => ({
      operation: "copyFile",
      path: pathOf(from, "src"),
      target: pathOf(to, "dest"),
      flag: mode === constants.COPYFILE_EXCL,
    }),
    result: nothing,
  },
} satisfies Record<string, FileCall>;

/** A failure that the caller asked to be passed over. */
export function isForgiven(name: string, args: readonly unknown[], error: unknown): boolean {
  const { code } = error as { code?: string };
  return name === "rm" && code === "ENOENT" && optionsOf(args[1]).force === true;
}

export const constants = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4, COPYFILE_EXCL: 1 } as const;
