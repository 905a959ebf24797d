import type { ModelType } from "../model/type-model.ts";
import { type JsonValue, problemOf, shapeProblem } from "./value-check.ts";

/** A default as JSON, or why there is none in the text. */
export type DefaultReading = { readonly json: string } | { readonly problem: string };

/**
 * Reads what follows `@default`: JSON, in backquotes or not; for texts, and what travels as one (dates, bigints, decimals),
 * also the plain text, in quotes or not.
 */
export function readDefault(text: string, type: ModelType): DefaultReading {
  if (text === "") return { problem: "needs a value" };
  const written = /^`([^`]*)`$/.exec(text)?.[1] ?? text;
  const values = candidates(written);
  const valid = values.find((value) => problemOf(value, type) === undefined);
  if (valid !== undefined) return { json: JSON.stringify(valid) };
  const likeliest = values.find((value) => shapeProblem(value, type) === undefined) ?? values[0];
  return { problem: `is not a value of its type: ${problemOf(likeliest, type) ?? "nothing can be read from it"}` };
}

/** What a text can stand for, the likeliest first. */
function candidates(text: string): [JsonValue, ...JsonValue[]] {
  const parsed = parse(text);
  if (parsed !== undefined && (typeof parsed === "object" || typeof parsed === "string")) return [parsed];
  const plain = /^'([^']*)'$/.exec(text)?.[1] ?? text;
  if (parsed !== undefined) return [parsed, plain];
  return /^-?\d+n$/.test(plain) ? [plain.slice(0, -1), plain] : [plain];
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
