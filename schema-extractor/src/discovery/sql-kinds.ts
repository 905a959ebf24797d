import type { TypeHandle } from "../checker/handles.ts";
import type { TypeReader } from "../checker/type-reader.ts";
import type { TypeView } from "../checker/type-view.ts";
import type { SqlColumnModel, SqlValueKind } from "../model/application-model.ts";

/** Classes of the platform that statements take or give as something else than an object. */
const classes: Readonly<Record<string, SqlValueKind>> = {
  Date: "date",
  Uint8Array: "bytes",
  ArrayBuffer: "bytes",
  Buffer: "bytes",
  String: "string",
  Number: "number",
  Boolean: "boolean",
  BigInt: "bigint",
};

/** What values of a type are, null and undefined aside; empty where they may be anything. */
export function sqlKindsOf(types: TypeReader, type: TypeHandle): ReadonlySet<SqlValueKind> {
  const kinds = new Set<SqlValueKind>();
  return collect(types, types.view(type), kinds) ? kinds : new Set();
}

/** The members of a row's type; none where it isn't an object of known members. */
export function sqlColumnsOf(types: TypeReader, row: TypeHandle): readonly SqlColumnModel[] {
  const view = types.view(row);
  const object = view.kind === "branded" ? view.base : view;
  if (object.kind !== "object") return [];
  return object.properties.map(({ name, type, optional }) => ({ name, optional, kinds: sqlKindsOf(types, type) }));
}

/** @returns whether all that the values may be is known */
function collect(types: TypeReader, view: TypeView, kinds: Set<SqlValueKind>): boolean {
  const add = (kind: SqlValueKind | undefined): boolean => {
    if (kind !== undefined) kinds.add(kind);
    return kind !== undefined;
  };
  switch (view.kind) {
    case "primitive":
      return view.primitive === "null" || view.primitive === "undefined" || add(primitiveKind(view.primitive));
    case "literal":
      return add(primitiveKind(typeof view.value));
    case "template":
      return add("string");
    case "array":
    case "tuple":
      return add("array");
    case "object":
      // `{}` and what only has methods may be anything.
      return view.properties.length + view.indexes.length > 0 && add("object");
    case "union":
      return view.members.every((member) => collect(types, types.view(member), kinds));
    case "branded":
      return collect(types, view.base, kinds);
    case "platform":
      return add(classes[view.name]);
    case "sdk":
      return view.name === "Decimal" && add("decimal");
    case "serialized":
    case "function":
    case "symbol":
    case "never":
    case "unresolved":
    case "error":
      return false;
  }
}

function primitiveKind(name: string): SqlValueKind | undefined {
  return name === "string" || name === "number" || name === "boolean" || name === "bigint" ? name : undefined;
}
