import type { PlatformView } from "../checker/type-view.ts";
import type { PrimitiveModel, ShapeModel } from "../model/type-model.ts";
import { buildElement } from "./lists.ts";
import { elementOf, type MemberContext } from "./member-context.ts";
import type { TypeBuilder } from "./type-builder.ts";

const carried: Readonly<Record<string, ShapeModel>> = {
  Date: { kind: "primitive", primitive: "date" },
  Uint8Array: { kind: "primitive", primitive: "bytes" },
  ArrayBuffer: { kind: "primitive", primitive: "bytes", bytesClass: "ArrayBuffer" },
  Buffer: { kind: "primitive", primitive: "bytes", bytesClass: "Buffer" },
  String: { kind: "primitive", primitive: "string" },
  Number: { kind: "primitive", primitive: "number" },
  Boolean: { kind: "primitive", primitive: "boolean" },
  BigInt: { kind: "primitive", primitive: "bigint" },
};

const sets = new Set(["Set", "ReadonlySet"]);
const maps = new Set(["Map", "ReadonlyMap"]);

const alternatives: Readonly<Record<string, string>> = {
  Promise: "Await it, and use the type it resolves to.",
  PromiseLike: "Await it, and use the type it resolves to.",
  RegExp: "Use a string, and its source.",
  URL: "Use a string (with IsURL, if you like), and url.href.",
  Error: "Use an object with the members to send, such as { message: string }.",
  SharedArrayBuffer: "Use ArrayBuffer or Uint8Array, and a copy.",
  WeakMap: "Use a Map, or Record<string, T>.",
  WeakSet: "Use a Set, or an array.",
  Iterable: "Use an array, and [...values].",
  Iterator: "Use an array, and [...values].",
  IterableIterator: "Use an array, and [...values].",
  Generator: "Use an array, and [...values].",
  FormData: "Use an object, and Object.fromEntries(form).",
  Headers: "Use Record<string, string>, and Object.fromEntries(headers).",
  URLSearchParams: "Use Record<string, string>, and Object.fromEntries(parameters).",
};

/** The primitive that a class of the platform is in JSON. */
export function primitiveOf({ name }: PlatformView): PrimitiveModel | undefined {
  const shape = carried[name];
  return shape?.kind === "primitive" ? shape.primitive : undefined;
}

/** Whether JSON carries a class of the platform, by a form of the host's own. */
export function isCarried({ name }: PlatformView): boolean {
  return carried[name] !== undefined || sets.has(name) || maps.has(name);
}

/** A class of the language's library or the platform. */
export function buildPlatformType(builder: TypeBuilder, view: PlatformView, context: MemberContext): ShapeModel {
  const shape = carried[view.name];
  if (shape !== undefined) return shape;
  const [first, second] = view.arguments;
  const [firstNode, secondNode] = view.argumentNodes;
  const inner = elementOf(context);
  if (sets.has(view.name) && first !== undefined) {
    return { kind: "set", element: buildElement(builder, first, firstNode, inner) };
  }
  if (maps.has(view.name) && first !== undefined && second !== undefined) {
    const key = buildElement(builder, first, firstNode, inner);
    return { kind: "map", key, value: buildElement(builder, second, secondNode, inner) };
  }
  builder.reject(context, {
    message: `${/^[AEIO]/.test(view.name) ? "An" : "A"} ${view.name} can't travel as JSON.`,
    help: alternativeTo(view.name),
  });
  return { kind: "primitive", primitive: "any" };
}

/** What to use in place of a class. */
export function alternativeTo(name: string): string {
  if (/^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$|^DataView$/.test(name)) {
    return "Use Uint8Array for bytes, or number[] and Array.from(values).";
  }
  const known = alternatives[name] ?? (/Error$/.test(name) ? alternatives["Error"] : undefined);
  return known ?? "Use plain objects, arrays, strings, numbers, booleans, null or Date.";
}
