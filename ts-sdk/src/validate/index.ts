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

/** A number, or decimal, of at least `N`. */
export interface Min<N extends number> {
  readonly [encoreRule]?: { readonly minValue: N } | object;
}

/** A number, or decimal, of at most `N`. */
export interface Max<N extends number> {
  readonly [encoreRule]?: { readonly maxValue: N } | object;
}

/** A string or array whose `length` is at least `N`. */
export interface MinLen<N extends number> {
  readonly [encoreRule]?: { readonly minLen: N } | object;
}

/** A string or array whose `length` is at most `N`. */
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
