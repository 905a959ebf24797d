/**
 * How wire types and validation rules are encoded in types, for the schema extractor to read.
 *
 * A brand is an object type with exactly one property: optional, read-only, named by one of the two unique symbols below. The property's
 * type is `P | object | undefined`, where P is the payload: an object type whose properties have literal types.
 *
 * | property | payload |
 * | --- | --- |
 * | {@link encoreRule} | one of `{minValue: B}`, `{maxValue: B}`, `{minLen: N}`, `{maxLen: N}`, `{matchesRegexp: S}`, `{startsWith: S}`, `{endsWith: S}`, `{isEmail: true}`, `{isURL: true}`, `{integer: true}`, `{multipleOf: N}`, `{uniqueItems: true}`, `{isUUID: true}`, `{isIP: true \| 4 \| 6}`, `{format: S}`; B is a number, a bigint or a string |
 * | {@link encoreWire} | `{kind: "header" \| "query" \| "cookie" \| "status" \| "attribute"; name: S}`; the name is `""` where the field's own name serves |
 *
 * Intersected with a plain type, a brand stays assignable to and from it, because it is optional, and to and from other brands, because of
 * the `| object`. It survives `Pick`, `Omit`, `Partial`, mapped types and aliases, because it is part of the type and not of an alias.
 *
 * How a reader finds them:
 * - A property whose `escapedName` starts with `__@encoreRule@` or `__@encoreWire@` (the checker appends the symbol's id) makes its
 *   constituent of the intersection a brand. Walk the intersection's `types`: the constituents are never merged, while the intersection's own
 *   property merges the payloads of all of them. Of the property's type, the member of the union that has properties is the payload.
 * - `T & (A & B)` is flattened to `T & A & B`: every rule holds.
 * - `T & (A | B)` is distributed to `(T & A) | (T & B)`. So a union's members whose constituents without brands are the same type are
 *   alternatives: of each such member all rules hold, and one member must. A member without brands among them has no rules, so any value
 *   of the type is valid.
 * - `boolean & A` is distributed too, to `(false & A) | (true & A)`, and so is every union of literals and `HttpStatus`.
 * - The wire brand of the members of one field's type is the same in all of them, except for `undefined` and `null`, which have none.
 */
export declare const encoreRule: unique symbol;

/** See {@link encoreRule}. */
export declare const encoreWire: unique symbol;

/** The parts of a message that a field can travel in, besides path and body. */
export type WireKind = "header" | "query" | "cookie" | "status" | "attribute";

/** Marks a field's type with where the field travels, and under which name. */
export interface Wire<Kind extends WireKind, Name extends string> {
  readonly [encoreWire]?: { readonly kind: Kind; readonly name: Name } | object;
}
