import type { Cookie, CookieWithOptions, Header, Query } from "encore-host/api";
import { Decimal } from "encore-host/types";
import type { IsUUID, Min } from "encore-host/validate";

enum Level {
  Low = "low",
  High = "high",
}

interface Request {
  price: Header<Decimal, "X-Price">;
  days: Header<Date[], "X-Days">;
  level: Header<Level, "X-Level">;
  id: Header<"X-Id"> & IsUUID;
  pages: Query<(number & Min<1>)[], "page">;
  big?: Query<bigint>;
  either: Query<number | "all", "limit">;
  visits: Cookie<number, "visits">;
  owed: Cookie<Decimal, "owed">;
}

export const request: Request = {
  price: new Decimal("1.5"),
  days: [new Date()],
  level: Level.High,
  id: "x",
  pages: [1],
  big: 1n,
  either: "all",
  visits: { value: 1 },
  owed: { value: new Decimal(1), httpOnly: true, sameSite: "Lax", maxAge: 60 },
};
export const plain: { price: Decimal; days: Date[]; either: number | "all"; visits: CookieWithOptions<number> } = request;

// @ts-expect-error a header holds no object
export type WrongHeader = Header<{ a: string }, "X-A">;
// @ts-expect-error a cookie holds no array
export type WrongCookie = Cookie<string[], "a">;
// @ts-expect-error a query holds no nested array
export type WrongQuery = Query<number[][], "a">;
// @ts-expect-error a header's type is its own
export const wrong: Request["level"] = "middle";
// @ts-expect-error attributes of cookies have values of their own
export const attribute: Request["visits"] = { value: 1, sameSite: "strict" };
