import type { TypeView } from "../checker/type-view.ts";
import type { ShapeModel } from "../model/type-model.ts";
import type { MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";

type PlatformView = Extract<TypeView, { kind: "platform" }>;

const carried: Readonly<Record<string, ShapeModel>> = {
  Date: { kind: "primitive", primitive: "date" },
  Uint8Array: { kind: "primitive", primitive: "bytes" },
  ArrayBuffer: { kind: "primitive", primitive: "bytes" },
  Buffer: { kind: "primitive", primitive: "bytes" },
  String: { kind: "primitive", primitive: "string" },
  Number: { kind: "primitive", primitive: "number" },
  Boolean: { kind: "primitive", primitive: "boolean" },
  BigInt: { kind: "primitive", primitive: "bigint" },
};

const alternatives: Readonly<Record<string, string>> = {
  Map: "Use Record<string, T>, and Object.fromEntries(map).",
  Set: "Use an array, and [...set].",
  Promise: "Await it, and use the type it resolves to.",
  RegExp: "Use a string, and its source.",
  URL: "Use a string (with IsURL, if you like), and url.href.",
  Error: "Use an object with the members to send, such as { message: string }.",
};

/** A class of the language's library or the platform. */
export function buildPlatformType(builder: TypeBuilder, view: PlatformView, context: MemberContext): ShapeModel {
  const shape = carried[view.name];
  if (shape !== undefined) return shape;
  builder.reject(context, {
    message: `${/^[AEIOU]/.test(view.name) ? "An" : "A"} ${view.name} can't travel as JSON.`,
    help: alternatives[view.name] ?? "Use plain objects, arrays, strings, numbers, booleans, null or Date.",
  });
  return { kind: "primitive", primitive: "any" };
}
