import ts from "typescript";
import { compareText } from "../files/paths.ts";
import { objectFlagsOf } from "./compiler-internals.ts";
import type { Positions } from "./positions.ts";

/**
 * The properties of a type in the order they are declared in.
 *
 * A mapped type over a union of keys has its properties in the checker's order of that union, which isn't the same from
 * one check to the next: there, properties go by where they are declared, and those declared nowhere by name.
 */
export function orderedProperties(checker: ts.TypeChecker, positions: Positions, type: ts.Type): ts.Symbol[] {
  const properties = checker.getPropertiesOfType(type);
  if (type.isIntersection()) {
    const byName = new Map(properties.map((property) => [property.escapedName, property]));
    const names = new Set(
      type.types.flatMap((part) => orderedProperties(checker, positions, part).map((property) => property.escapedName)),
    );
    for (const name of byName.keys()) names.add(name);
    return [...names].flatMap((name) => byName.get(name) ?? []);
  }
  if ((objectFlagsOf(type) & ts.ObjectFlags.Mapped) === 0) return properties;
  return properties
    .map((property) => ({ property, key: orderKey(positions, property) }))
    .sort((left, right) => compareText(left.key, right.key))
    .map(({ property }) => property);
}

function orderKey(positions: Positions, property: ts.Symbol): string {
  const declaration = property.declarations?.[0];
  if (declaration === undefined) return `1${property.name}`;
  const file = positions.fileName(declaration.getSourceFile().fileName);
  return `0${file}\n${String(declaration.pos).padStart(10, "0")}`;
}
