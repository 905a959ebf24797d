import { isolateRuntime, type IsolateRuntime } from "../../internal/registry.js";

/** What is asked of the host: an operation of its `FileSystemOperations`. */
export interface FileRequest {
  readonly operation: string;
  readonly path: string;
  /** The second path of what has two. */
  readonly target?: string;
  /** What the operation's option says: recursive, follow, exclusive. */
  readonly flag?: boolean;
  readonly bytes?: Uint8Array | undefined;
}

type Failure = { message: string } & Record<string, unknown>;

/** Does it at once: the contents of a file, or a JSON value. */
export function ask({ operation, path, target = "", flag = false, bytes }: FileRequest): unknown {
  const answer = runtime().file(operation, path, target, flag, bytes);
  if (typeof answer !== "string") return answer;
  const { value, error } = JSON.parse(answer) as { value?: unknown; error?: Failure };
  if (error !== undefined) throw failureOf(error);
  return value;
}

/** Does it on a thread of the host's. */
export async function askLater({ operation, path, target = "", flag = false, bytes }: FileRequest): Promise<unknown> {
  const { value, bytes: contents } = await runtime().startOperation("file", [operation, path, target, flag], bytes)
    .promise;
  return contents ?? value;
}

/** A path as the host takes it. */
export function pathOf(path: unknown, name = "path"): string {
  const text = path instanceof URL ? pathOfUrl(path) : path instanceof Uint8Array ? decode(path) : path;
  if (typeof text !== "string") {
    throw coded(
      TypeError,
      "ERR_INVALID_ARG_TYPE",
      `The "${name}" argument must be of type string or an instance of Buffer or URL. Received ${describe(path)}`,
    );
  }
  if (text.includes("\0")) {
    throw coded(
      TypeError,
      "ERR_INVALID_ARG_VALUE",
      `The argument '${name}' must be a string, Uint8Array, or URL without null bytes. Received ${JSON.stringify(text)}`,
    );
  }
  return text;
}

/** An error of Node's own kind. */
export function coded(type: ErrorConstructor, code: string, message: string): Error {
  return Object.assign(new type(message), { code });
}

function runtime(): IsolateRuntime {
  const found = isolateRuntime();
  if (found === undefined) throw new Error("node:fs of the encore-host runtime is used outside of the host.");
  return found;
}

function failureOf({ message, name: _, ...fields }: Failure): Error {
  return Object.assign(new Error(message), fields);
}

// https://nodejs.org/api/url.html#urlfileurltopathurl-options
function pathOfUrl(url: URL): string {
  if (url.protocol !== "file:") throw coded(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
  if (url.hostname !== "") {
    throw coded(TypeError, "ERR_INVALID_FILE_URL_HOST", 'File URL host must be "localhost" or empty on linux');
  }
  if (/%2f/i.test(url.pathname)) {
    throw coded(TypeError, "ERR_INVALID_FILE_URL_PATH", "File URL path must not include encoded / characters");
  }
  return decodeURIComponent(url.pathname);
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return typeof value === "object" ? `an instance of ${value.constructor.name}` : `type ${typeof value}`;
}
