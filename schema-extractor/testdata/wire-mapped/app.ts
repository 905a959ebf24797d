import { api, type Header, type Query } from "encore.dev/api";

interface Names {
  first: Header<"X-First">;
  second: Query<number, "2nd">;
  third: string;
}
type Copy<T> = { [K in keyof T]: T[K] };
type Nullable<T> = { [K in keyof T]: T[K] | null };
type Plain<T> = { [K in keyof T]: string };
type Headers<K extends string> = { [Name in K]: Header };
type Queried<T> = { [K in keyof T]: Query<number> };
type Renamed<T> = { [K in keyof T as `my_${string & K}`]: T[K] };
export const copy = api({ method: "POST", path: "/copy" }, async (_: Copy<Names>) => {});
export const nullable = api({ method: "POST", path: "/nullable" }, async (_: Nullable<Names>) => {});
export const plain = api({ method: "POST", path: "/plain" }, async (_: Plain<Names>) => {});
export const headers = api({ method: "POST", path: "/headers" }, async (_: Headers<"etag" | "x-a">) => {});
export const queried = api({ method: "POST", path: "/queried" }, async (_: Queried<{ a: string; b: boolean }>) => {});
export const renamed = api({ method: "POST", path: "/renamed" }, async (_: Renamed<Pick<Names, "first" | "third">>) => {});
