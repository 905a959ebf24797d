import { describeError } from "../internal/errors.js";
import { host } from "./isolate-host.js";

/** Logs an error that no application code could catch: from a timer's callback, a microtask, an event listener. */
export function reportError(error: unknown, where: string): void {
  const { name, message, stack, cause } = describeError(error);
  host.log(
    4,
    `uncaught error in ${where}`,
    JSON.stringify({ error: `${name}: ${message}`, stack, ...(cause && { error_cause: cause }) }),
  );
}
