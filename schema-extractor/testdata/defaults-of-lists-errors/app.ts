import { api } from "encore.dev/api";

interface Wrong {
  /** @default [1] */
  short: [number, string];
  /** @default [1, 2] */
  kind: [number, string];
  /** @default [1, "a", 3] */
  long: [number, string?];
  /** @default ["a", "a"] */
  set: Set<string>;
  /** @default [["a", 1], ["a", 2]] */
  map: Map<string, number>;
  /** @default {"a": 1} */
  object: Map<string, number>;
  /** @default [["a"]] */
  entry: Map<string, number>;
  /** @default [1, "a", "b"] */
  fine: [number, ...string[]];
}
export const set = api({ method: "PUT", path: "/settings" }, async (_: Wrong) => {});
