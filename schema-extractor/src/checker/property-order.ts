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
  if ((objectFlagsOf(type) & ts.ObjectFlags.Mapped) !== 0) return sorted(positions, properties);
  const places = new Set<ts.Node>(type.getSymbol()?.declarations);
  const own = properties.filter((property) => isDeclaredIn(property, places));
  if (own.length === properties.length) return properties;
  // Inherited, or spread from another object, which may be of a mapped type.
  const foreign = new Set(properties.filter((property) => !own.includes(property)));
  const inherited = basesOf(checker, type)
    .flatMap((base) => orderedProperties(checker, positions, base))
    .flatMap((property) => {
      const here = checker.getPropertyOfType(type, property.name);
      return here !== undefined && foreign.delete(here) ? [here] : [];
    });
  return [...own, ...inherited, ...sorted(positions, [...foreign])];
}

function sorted(positions: Positions, properties: readonly ts.Symbol[]): ts.Symbol[] {
  return properties
    .map((property) => ({ property, key: orderKey(positions, property) }))
    .sort((left, right) => compareText(left.key, right.key))
    .map(({ property }) => property);
}

/** Whether a property is written down in a declaration of its type; a constructor's parameter is in its class. */
function isDeclaredIn(property: ts.Symbol, places: ReadonlySet<ts.Node>): boolean {
  return (property.declarations ?? []).some(({ parent }) => {
    return places.has(ts.isConstructorDeclaration(parent) ? parent.parent : parent);
  });
}

function basesOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const isReference = (objectFlagsOf(type) & ts.ObjectFlags.Reference) !== 0;
  const declared = isReference ? (type as ts.TypeReference).target : type;
  return declared.isClassOrInterface() ? checker.getBaseTypes(declared) : [];
}

function orderKey(positions: Positions, property: ts.Symbol): string {
  const declaration = property.declarations?.[0];
  if (declaration === undefined) return `1${property.name}`;
  const file = positions.fileName(declaration.getSourceFile().fileName);
  return `0${file}\n${String(declaration.pos).padStart(10, "0")}`;
}
