import { api } from "encore.dev/api";
import type { MaxLen, Min, MinLen, UniqueItems } from "encore.dev/validate";

/** @minimum 0 */
type Age = number;
interface Sizes {
  set: Set<string> & (MinLen<1> & MaxLen<3>);
  map: Map<string, number> & MaxLen<2>;
  elements: Set<number & Min<1>>;
  /** @minItems 1 @maxItems 2 */
  tagged: Set<Age>;
  named: Map<string, Age>;
  tuple: [number, ...number[]] & MaxLen<3>;
  distinct: [string, ...string[]] & UniqueItems;
  maybe?: (Set<string> & MinLen<1>) | null;
}
export const send = api({ method: "POST", path: "/send" }, async (sizes: Sizes): Promise<Sizes> => sizes);
export const query = api({ method: "GET", path: "/query" }, async (_: { ids: Set<number> & MaxLen<2> }) => {});
