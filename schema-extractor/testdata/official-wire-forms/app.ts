import { api, type Cookie, type Header, HttpStatus, type Query } from "encore.dev/api";

interface Names {
  first: Header<"X-First">;
  second: Query<number, "2nd">;
  third: string;
  session?: Cookie<"session">;
  status?: HttpStatus;
}
interface Named<Name extends string> {
  value: Header<Name>;
}
interface Two<Name extends string> extends Named<Name> {
  other: Query<Name>;
}
type Alias<Name extends string = "X-Alias"> = Header<Name>;
type Nullable<T> = { [K in keyof T]: T[K] | null };
type Plain<T> = { [K in keyof T]: string };
type Headers<K extends string> = { [Name in K]: Header };
type Same<K extends string, Name extends string> = { [Each in K]: Header<Name> };
type Queried<T> = { [K in keyof T]: Query<number> };
export const picked = api({ method: "POST", path: "/picked" }, async (_: Pick<Names, "first" | "session">) => {});
export const partial = api({ method: "POST", path: "/partial" }, async (_: Partial<Omit<Names, "status">>) => {});
export const nullable = api({ method: "POST", path: "/nullable" }, async (_: Nullable<Names>) => {});
export const plain = api({ method: "POST", path: "/plain" }, async (_: Plain<Names>) => {});
export const headers = api({ method: "POST", path: "/headers" }, async (_: Headers<"etag" | "x-a">) => {});
export const same = api({ method: "POST", path: "/same" }, async (_: Same<"a", "X-Same">) => {});
export const queried = api({ method: "POST", path: "/queried" }, async (_: Queried<{ a: string; b: boolean }>) => {});
export const generic = api({ method: "POST", path: "/generic" }, async (_: Named<"X-One"> & { body: string }) => {});
export const inherited = api({ method: "POST", path: "/inherited" }, async (_: Two<"X-Two">) => {});
export const aliased = api({ method: "POST", path: "/aliased" }, async (_: { a: Alias; b?: Alias<"X-B">; c: Alias<"X-C"> | null }) => {});
export const indexed = api({ method: "POST", path: "/indexed" }, async (_: { a: Names["first"]; b?: Two<"X-Deep">["value"]; c: Names["third"] }) => {});
export const answer = api({ path: "/answer" }, async (): Promise<Pick<Names, "status" | "session"> & { location: Header<"Location"> }> => ({ location: "/" }));
