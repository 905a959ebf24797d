/**
 * Structured logs: a message and fields, written by the host as one JSON line together with the request they belong to.
 *
 * ```ts
 * import log from "encore-host/log";
 *
 * log.info("post published", { id: 7 });
 * log.error(err, "publishing failed", { id: 7 });
 * ```
 *
 * @module
 */
/* eslint-disable @typescript-eslint/unified-signatures -- the overloads show in an editor what each argument means */
import { Logger } from "./logger.js";
import type { FieldsObject } from "./fields.js";

export type { FieldsObject, FieldValue } from "./fields.js";
export type { Logger } from "./logger.js";
export { LogLevel } from "./level.js";

const log: Logger = new Logger();

/** The application's logger. */
export default log;

/** Logs at level trace. */
export function trace(message: string, fields?: FieldsObject): void {
  log.trace(message, fields);
}

/** Logs at level debug. */
export function debug(message: string, fields?: FieldsObject): void {
  log.debug(message, fields);
}

/** Logs at level info. */
export function info(message: string, fields?: FieldsObject): void {
  log.info(message, fields);
}

/** Logs at level warn: a message, or an error, or an error and a message. */
export function warn(message: string, fields?: FieldsObject): void;
export function warn(error: unknown, message: string, fields?: FieldsObject): void;
export function warn(error: unknown, fields?: FieldsObject): void;
export function warn(first: unknown, second?: string | FieldsObject, third?: FieldsObject): void {
  log.warn(first, second as string, third);
}

/** Logs at level error: a message, or an error, or an error and a message. */
export function error(message: string, fields?: FieldsObject): void;
export function error(error: unknown, message: string, fields?: FieldsObject): void;
export function error(error: unknown, fields?: FieldsObject): void;
export function error(first: unknown, second?: string | FieldsObject, third?: FieldsObject): void {
  log.error(first, second as string, third);
}
