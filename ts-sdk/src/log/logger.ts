/* eslint-disable @typescript-eslint/unified-signatures -- the overloads show in an editor what each argument means */
import { describeError } from "../internal/errors.js";
import { isolateRuntime } from "../internal/registry.js";
import { type FieldsObject, toJsonFields } from "./fields.js";
import { LogLevel } from "./level.js";

/** Writes log lines; {@link Logger.with} and {@link Logger.withLevel} make loggers that add fields or leave lines out. */
export class Logger {
  readonly #level: LogLevel;
  readonly #fields: FieldsObject | undefined;

  /** Made by the SDK; the default export of this module is the application's logger. */
  constructor(level: LogLevel = LogLevel.Trace, fields?: FieldsObject) {
    this.#level = level;
    this.#fields = fields;
  }

  /** A logger like this one that leaves out what is below `level`; the host's own level holds as well. */
  withLevel(level: LogLevel): Logger {
    return new Logger(level, this.#fields);
  }

  /** A logger like this one that adds `fields` to every line; a line's own fields beat them. */
  with(fields: FieldsObject): Logger {
    return new Logger(this.#level, { ...this.#fields, ...fields });
  }

  /** Logs at level trace. */
  trace(message: string, fields?: FieldsObject): void {
    this.#write(LogLevel.Trace, message, fields);
  }

  /** Logs at level debug. */
  debug(message: string, fields?: FieldsObject): void {
    this.#write(LogLevel.Debug, message, fields);
  }

  /** Logs at level info. */
  info(message: string, fields?: FieldsObject): void {
    this.#write(LogLevel.Info, message, fields);
  }

  /** Logs at level warn: a message, or an error, or an error and a message. */
  warn(message: string, fields?: FieldsObject): void;
  warn(error: unknown, message: string, fields?: FieldsObject): void;
  warn(error: unknown, fields?: FieldsObject): void;
  warn(first: unknown, second?: string | FieldsObject, third?: FieldsObject): void {
    this.#writeError(LogLevel.Warn, first, second, third);
  }

  /** Logs at level error: a message, or an error, or an error and a message. */
  error(message: string, fields?: FieldsObject): void;
  error(error: unknown, message: string, fields?: FieldsObject): void;
  error(error: unknown, fields?: FieldsObject): void;
  error(first: unknown, second?: string | FieldsObject, third?: FieldsObject): void {
    this.#writeError(LogLevel.Error, first, second, third);
  }

  #writeError(level: LogLevel, first: unknown, second?: string | FieldsObject, third?: FieldsObject): void {
    if (typeof first === "string" && typeof second !== "string") {
      this.#write(level, first, second);
      return;
    }
    const message = typeof second === "string" ? second : "";
    this.#write(level, message, typeof second === "string" ? third : second, first);
  }

  #write(level: LogLevel, message: string, fields?: FieldsObject, error?: unknown): void {
    if (level < this.#level) return;
    const all: Record<string, unknown> =
      fields === undefined && this.#fields === undefined ? {} : toJsonFields({ ...this.#fields, ...fields });
    if (error !== undefined && error !== null) Object.assign(all, errorFields(error));
    const runtime = isolateRuntime();
    if (runtime === undefined) writeToConsole(level, message, all);
    else runtime.log(level, message, Object.keys(all).length === 0 ? undefined : all);
  }
}

/** An error takes the fields `error` and `stack` of its line; code, details and causes go along where there are any. */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error))
    return { error: typeof error === "string" ? error : toJsonFields({ error } as FieldsObject)["error"] };
  const { name, message, stack, code, details, cause } = describeError(error);
  return {
    error: name === "Error" ? message : `${name}: ${message}`,
    ...(stack !== "" && { stack }),
    ...(code !== undefined && { error_code: code }),
    ...(details !== undefined && { error_details: details }),
    ...(cause !== undefined && { error_cause: cause }),
  };
}

/** Outside a host, as in a unit test under Node, the console takes its place. */
function writeToConsole(level: LogLevel, message: string, fields: Record<string, unknown>): void {
  const method = (["debug", "debug", "info", "warn", "error"] as const)[level];
  if (Object.keys(fields).length === 0) console[method](message);
  else console[method](message, fields);
}
