import { api, type Cookie, type Header, type Query } from "encore.dev/api";
import type { Min } from "encore.dev/validate";

enum Color {
  Red = "red",
  Green = "green",
}
enum Level {
  Low = 1,
  High = 2,
}
interface Request {
  color: Header<Color, "X-Color">;
  level: Query<Level, "level">;
  levels: Query<Level[], "levels">;
  mode: Header<"fast" | "slow", "X-Mode">;
  limit: Query<number | "all", "limit">;
  when: Query<Date | "now", "when">;
  one: Query<string | string[], "one">;
  theme: Cookie<"light" | "dark", "theme">;
  flag: Header<boolean | "auto", "X-Flag">;
  nullable: Query<number> | null;
  kinds: Query<("a" | "b")[], "kind">;
  ruled: Query<(number & Min<1>) | "none", "ruled">;
  retry: Query<1 | 2 | 3>;
}
export const post = api({ method: "POST", path: "/post" }, async (_: Request) => {});
export const get = api({ method: "GET", path: "/get" }, async (_: { color?: Color; limit: number | "all"; kinds: ("a" | "b")[]; flag: boolean | null }) => {});
