import { api, type Cookie, type Header, type Query } from "encore.dev/api";

interface Request {
  unnamed: Header<"on" | "off">;
  open: Header<number, string>;
  template: Query<`x-${string}`>;
  spaces: Header<"X Name">;
  colon: Header<"X:Name">;
  cookie: Cookie<"a=b">;
  query: Query<"any name & sign">;
  one: Header<"X-Same">;
  two: Header<"x-same">;
  three: Cookie<"X-Same">;
  q: Query<number>;
  alias: Query<number, "q">;
}
export const post = api({ method: "POST", path: "/post" }, async (_: Request) => {});
export const get = api({ method: "GET", path: "/get/:q" }, async (_: { q: string; a: string; b: Query<"a">; r: Query<"q"> }) => {});
export const answer = api({ path: "/answer" }, async (): Promise<{ a: Cookie<"c">; b: Cookie<"c">; d: Header<"ok">; e: Query<"ok"> }> => {
  throw new Error();
});
