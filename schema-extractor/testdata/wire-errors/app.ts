import { api, type Cookie, type CookieWithOptions, type Header, type Query } from "encore.dev/api";

interface Filter {
  name: string;
}
interface Carrier<T> {
  field: T;
}
type Forced<T, W> = T & W;
interface Request {
  object: Forced<Filter, Header<"X-Object">>;
  mixed: Header<"X-A"> | Filter;
  queried: Query<"q"> | Filter[];
  bytes: Header<"X-Bytes"> | Uint8Array;
  record: Query<"r"> | Record<string, string>;
  fine: Header<"X-Fine">;
}
export const post = api({ method: "POST", path: "/post" }, async (_: Request) => {});
export const get = api({ method: "GET", path: "/get" }, async (_: { filter: Filter; bytes: Uint8Array; grid: string[][]; any: unknown; deep: { a: string }[] | string }) => {});
export const head = api({ method: ["POST", "HEAD"], path: "/head" }, async (_: Carrier<Record<string, number>>) => {});
export const answer = api({ path: "/answer" }, async (): Promise<{ a: Header<"X-A"> | Filter; b: Cookie<"b"> | Filter; c: CookieWithOptions<Filter> }> => {
  throw new Error();
});
