import { api } from "encore.dev/api";

interface Settings {
  /** @default [1, "a"] */
  pair: [number, string];
  /** @default ["a", "b"] */
  names: Set<string>;
  /** @default [["a", 1]] */
  weights: Map<string, number>;
  /** @default [] */
  rest: string[];
}
export const set = api({ method: "PUT", path: "/settings" }, async (settings: Settings): Promise<Settings> => settings);
