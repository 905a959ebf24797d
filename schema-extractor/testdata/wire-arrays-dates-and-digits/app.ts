import { api, type Cookie, type Header, type Query } from "encore.dev/api";
import { Decimal } from "encore.dev/types";

interface Request {
  since: Header<Date, "If-Modified-Since">;
  days: Header<Date[], "X-Days">;
  price: Header<Decimal, "X-Price">;
  serial: Header<bigint, "X-Serial">;
  numbers: Header<number[], "X-Numbers">;
  flags: Query<boolean[], "flag">;
  on: Query<Date>;
  dates: Query<Date[], "date">;
  prices: Query<Decimal[], "price">;
  ids: Query<bigint[], "id">;
  last: Cookie<Date, "last">;
  owed: Cookie<Decimal, "owed">;
  count: Cookie<bigint, "count">;
}
export const post = api({ method: "POST", path: "/post" }, async (_: Request) => {});
export const get = api({ method: "GET", path: "/get" }, async (_: { on: Date; prices: Decimal[]; ids?: bigint[]; days: readonly Date[]; one: Decimal }) => {});
export const answer = api({ path: "/answer" }, async (): Promise<{ at: Header<Date, "X-At">; price: Header<Decimal, "X-Price">; tags: Header<string[], "X-Tags"> }> => ({ at: new Date(), price: new Decimal(1), tags: [] }));
