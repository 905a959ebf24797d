import { describeError } from "../internal/errors.js";

/** What a log line's field can hold; objects of other classes are written as JSON, errors with name, message and stack. */
export type FieldValue =
  string | number | boolean | bigint | Date | Error | null | undefined | FieldsObject | readonly FieldValue[];

/** A log line's fields, by name. */
export interface FieldsObject {
  readonly [name: string]: FieldValue;
}

const maxDepth = 16;

/**
 * A copy of the fields that `JSON.stringify` takes: without cycles, errors described, bigints as strings.
 * A log call never throws, so a getter or `toJSON` that does leaves its message as the value.
 */
export function toJsonFields(fields: FieldsObject): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const open: object[] = [fields];
  for (const name of Object.keys(fields)) result[name] = attempt(() => toJson(fields[name], name, open));
  return result;
}

function toJson(value: unknown, name: string, open: object[]): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "function" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return describeError(value);
  if (open.includes(value)) return "[Circular]";
  if (open.length > maxDepth) return "[…]";
  open.push(value);
  try {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return toJson(toJSON.call(value, name) as unknown, name, open);
    if (Array.isArray(value)) return value.map((item, index) => attempt(() => toJson(item, String(index), open)));
    if (value instanceof Map) return toJson(Object.fromEntries(value), name, open);
    if (value instanceof Set) return toJson([...value], name, open);
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      copy[key] = attempt(() => toJson((value as Record<string, unknown>)[key], key, open));
    }
    return copy;
  } finally {
    open.pop();
  }
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return `[threw ${error instanceof Error ? error.message : String(error)}]`;
  }
}
