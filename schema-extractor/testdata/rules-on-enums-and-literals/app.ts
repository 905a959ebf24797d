import { api } from "encore.dev/api";
import type { Max, Min, MinLen, StartsWith } from "encore.dev/validate";

enum Level {
  Low = 1,
  High = 9,
}
enum Color {
  Red = "red",
  Green = "green",
}
interface Item {
  level: Level & Min<1>;
  color: Color & StartsWith<"r">;
  size: ("small" | "medium") & MinLen<1>;
  rating: (1 | 2 | 3) & Max<3>;
  prefix: `v${number}` & MinLen<2>;
}
export const add = api({ method: "POST", path: "/items" }, async (_: Item) => {});
