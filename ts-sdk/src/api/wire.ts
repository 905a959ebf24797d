import type { Wire } from "../internal/brands.js";
import type { Decimal } from "../types/index.js";

/** What a header, a query parameter or a cookie can hold. */
export type WireScalar = string | number | boolean | bigint | Date | Decimal;

/** What a header or query parameter can hold: arrays stand for repeated ones. */
export type WireValue = WireScalar | readonly WireScalar[];

/** `Header<"X-Name">` has the name first and holds a string; `Header<number, "X-Name">` has the value's type first. */
type ValueOf<TypeOrName, Name extends string> = Name extends ""
  ? [TypeOrName] extends [string]
    ? string extends TypeOrName
      ? TypeOrName
      : string
    : TypeOrName
  : TypeOrName;

type NameOf<TypeOrName, Name extends string> = Name extends ""
  ? [TypeOrName] extends [string]
    ? string extends TypeOrName
      ? ""
      : TypeOrName
    : ""
  : Name;

/**
 * A top-level field of a request or response that travels in an HTTP header.
 *
 * ```ts
 * interface Request {
 *   language: Header<"Accept-Language">; // a string, under another name than the field's
 *   attempts: Header<number, "X-Attempts">; // a number
 *   authorization: Header; // a string, under the field's own name
 * }
 * ```
 */
export type Header<TypeOrName extends WireValue = string, Name extends string = ""> = ValueOf<TypeOrName, Name> &
  Wire<"header", NameOf<TypeOrName, Name>>;

/**
 * A top-level field of a request that travels in the query string.
 *
 * Fields of GET, HEAD and DELETE requests do so anyway; this is for the other methods, and for other names. An array is a repeated
 * parameter: `Query<string[], "tag">` takes `?tag=a&tag=b`.
 */
export type Query<TypeOrName extends WireValue = string, Name extends string = ""> = ValueOf<TypeOrName, Name> &
  Wire<"query", NameOf<TypeOrName, Name>>;

/** A cookie's value and, in a response, its attributes. */
export interface CookieWithOptions<T> {
  /** The cookie's value. */
  value: T;
  /** When the browser drops the cookie; without it and `maxAge`, when the session ends. */
  expires?: Date;
  /** Whether the browser sends the cookie along with requests from other sites. */
  sameSite?: "Strict" | "Lax" | "None";
  /** The host that gets the cookie, and with it its subdomains; default: the answering host alone. */
  domain?: string;
  /** The path under which the browser sends the cookie. */
  path?: string;
  /** How long the browser keeps the cookie, in seconds; it beats `expires`. */
  maxAge?: number;
  /** Whether the browser sends the cookie over HTTPS only. */
  secure?: boolean;
  /** Whether the page's own scripts can't read the cookie. */
  httpOnly?: boolean;
  /** Whether the cookie is kept apart for each top-level site. */
  partitioned?: boolean;
}

/**
 * A top-level field of a request or response that travels in a cookie; in a request only `value` is set.
 *
 * `Cookie<"session">` holds a string, `Cookie<number, "visits">` a number.
 */
export type Cookie<TypeOrName extends WireScalar = string, Name extends string = ""> = CookieWithOptions<
  ValueOf<TypeOrName, Name>
> &
  Wire<"cookie", NameOf<TypeOrName, Name>>;
