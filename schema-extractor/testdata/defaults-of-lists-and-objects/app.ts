import { api } from "encore.dev/api";
import type { MinLen, UniqueItems } from "encore.dev/validate";

interface Filter {
  field: string;
  /** @default "eq" */
  operator: "eq" | "lt";
}
interface Query {
  /** @default [] */
  tags: string[];
  /** @default ["a", "b"] */
  sorted: string[] & UniqueItems & MinLen<1>;
  /** @default {"field": "id"} */
  filter: Filter;
  /** @default [{"field": "id", "operator": "lt"}] */
  filters: Filter[];
  /** @default {"a": 1, "b": 2} */
  weights: Record<string, number>;
  /**
   * @default {
   *   "field": "name",
   *   "operator": "eq"
   * }
   */
  lines: Filter;
  /** @default [] */
  children: Query[];
}
export const query = api({ method: "POST", path: "/query" }, async (_: Query) => {});
