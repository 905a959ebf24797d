import { api, type Cookie, type Header, type Query } from "encore.dev/api";

interface Named<Name extends string> {
  value: Header<Name>;
}
interface Typed<T extends number | boolean> {
  value: Query<T, "v">;
  list?: Query<T[], "l">;
}
interface Box<T> {
  boxed: T;
}
type Optional<T> = T | undefined;
type Tracked<T> = T & { trace: Header<"X-Trace"> };
export const named = api({ method: "POST", path: "/named" }, async (_: Named<"X-One"> & { other: string }) => {});
export const typed = api({ method: "POST", path: "/typed" }, async (_: Typed<number>) => {});
export const flags = api({ method: "POST", path: "/flags" }, async (_: Typed<boolean>) => {});
export const boxed = api({ method: "POST", path: "/boxed" }, async (_: Box<Header<"X-Boxed">>) => {});
export const cookie = api({ method: "POST", path: "/cookie" }, async (_: Box<Cookie<number, "visits">>) => {});
export const optional = api({ method: "POST", path: "/optional" }, async (_: { a: Optional<Header<"X-A">> }) => {});
export const tracked = api({ method: "POST", path: "/tracked" }, async (_: Tracked<{ text: string }>) => {});
