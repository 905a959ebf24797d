import { api, type Cookie, type Header, HttpStatus, type Query } from "encore.dev/api";

interface Inner {
  header: Header<number, "X-Inner">;
  query: Query<string[], "q">;
  cookie: Cookie<"c">;
  status: HttpStatus;
}
export const nested = api({ method: "POST", path: "/nested" }, async (request: { inner: Inner; list: Inner[] }): Promise<{ inner: Inner }> => ({ inner: request.inner }));
export const answer = api({ path: "/answer" }, async (): Promise<{ list: Query<string[]>; one: Query<number, "other"> }> => ({ list: [], one: 1 }));
export const root = api({ method: "POST", path: "/root" }, async (list: Header<"X-Ignored">[]): Promise<Header<"X-Ignored">[]> => list);
