import { api } from "encore.dev/api";

enum Level {
  Low = 1,
  High = 2,
}
enum Color {
  Red = "red",
  Green = "green",
}
interface Item {
  /** @default 2 */
  level: Level;
  /** @default green */
  color: Color;
  /** @default "b" */
  literal: "a" | "b";
  /** @default 5 */
  numberOrText: number | string;
  /** @default five */
  textOrNumber: number | string;
  /** @default {"kind": "circle", "radius": 1} */
  shape: { kind: "circle"; radius: number } | { kind: "square"; side: number };
  /** @default v1.2 */
  version: `v${number}`;
}
export const add = api({ method: "POST", path: "/items" }, async (_: Item) => {});
