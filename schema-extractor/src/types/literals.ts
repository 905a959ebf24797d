import type { ShapeModel } from "../model/type-model.ts";

/** A literal type. JSON has no bigint of its own, so a literal one is any. */
export function buildLiteral(value: string | number | boolean | bigint): ShapeModel {
  return typeof value === "bigint" ? { kind: "primitive", primitive: "bigint" } : { kind: "literal", value };
}
