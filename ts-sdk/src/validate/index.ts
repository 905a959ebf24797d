/**
 * Rules that the host checks before a handler runs. They are types only: add them to a field's type with `&`, and combine them with `&` (all
 * must hold) and `|` (one must hold).
 *
 * ```ts
 * interface SignUp {
 *   email: string & (IsEmail & MaxLen<320>);
 *   age: number & (Min<13> & Max<150>);
 *   contact: string & (IsEmail | IsURL);
 *   tags: (string & MinLen<1>)[] & MaxLen<10>;
 * }
 * ```
 *
 * A value of the plain type is assignable to a type with rules, the other way round, and between types with different rules.
 *
 * @module
 */
import type { encoreRule } from "../internal/brands.js";

/** A bound: a number, a bigint, or a text with the digits of a {@link "../types/index.js".Decimal | Decimal} or a Date as RFC 3339 has it. */
export type BoundValue = number | bigint | string;

/**
 * A number, bigint, Decimal or Date of at least `N`, compared exactly: `number & Min<1>`, `bigint & Min<10n>`, `Decimal & Min<"0.01">`,
 * `Date & Min<"2024-01-01T00:00:00Z">`.
 */
export interface Min<N extends BoundValue> {
  readonly [encoreRule]?: { readonly minValue: N } | object;
}

/** A number, bigint, Decimal or Date of at most `N`; as {@link Min}. */
export interface Max<N extends BoundValue> {
  readonly [encoreRule]?: { readonly maxValue: N } | object;
}

/** A string or array whose `length`, or a Set or Map whose `size`, is at least `N`. */
export interface MinLen<N extends number> {
  readonly [encoreRule]?: { readonly minLen: N } | object;
}

/** A string or array whose `length`, or a Set or Map whose `size`, is at most `N`. */
export interface MaxLen<N extends number> {
  readonly [encoreRule]?: { readonly maxLen: N } | object;
}

/** A string in which the regular expression `Pattern` finds a match; anchor it with `^` and `$` to match the whole string. */
export interface MatchesRegexp<Pattern extends string> {
  readonly [encoreRule]?: { readonly matchesRegexp: Pattern } | object;
}

/** A string that starts with `Prefix`. */
export interface StartsWith<Prefix extends string> {
  readonly [encoreRule]?: { readonly startsWith: Prefix } | object;
}

/** A string that ends with `Suffix`. */
export interface EndsWith<Suffix extends string> {
  readonly [encoreRule]?: { readonly endsWith: Suffix } | object;
}

/** A string that is an email address. */
export interface IsEmail {
  readonly [encoreRule]?: { readonly isEmail: true } | object;
}

/** A string that is an absolute URL. */
export interface IsURL {
  readonly [encoreRule]?: { readonly isURL: true } | object;
}

/** A number or Decimal without a fraction. */
export interface Integer {
  readonly [encoreRule]?: { readonly integer: true } | object;
}

/** A number or Decimal that is `N`, above 0, times a whole number: `number & MultipleOf<0.01>`. */
export interface MultipleOf<N extends number> {
  readonly [encoreRule]?: { readonly multipleOf: N } | object;
}

/** An array without two elements that are the same JSON value. */
export interface UniqueItems {
  readonly [encoreRule]?: { readonly uniqueItems: true } | object;
}

/** A string that is a UUID (RFC 9562) of any version. */
export interface IsUUID {
  readonly [encoreRule]?: { readonly isUUID: true } | object;
}

/** A string that is an IP address: of either version, or of the one given, `IsIP<4>` or `IsIP<6>`. */
export interface IsIP<Version extends 4 | 6 = 4 | 6> {
  readonly [encoreRule]?: { readonly isIP: [4 | 6] extends [Version] ? true : Version } | object;
}

/** The formats of {@link Format}, named as JSON Schema names them where it has them. */
export type FormatName =
  | "email"
  | "url"
  | "uuid"
  | "ip"
  | "ipv4"
  | "ipv6"
  | "date"
  | "time"
  | "date-time"
  | "duration"
  | "hostname"
  | "uri"
  | "base64"
  | "json-pointer"
  | "regex";

/** A string in a well-known format: `string & Format<"date">`. */
export interface Format<Name extends FormatName> {
  readonly [encoreRule]?: { readonly format: Name } | object;
}
