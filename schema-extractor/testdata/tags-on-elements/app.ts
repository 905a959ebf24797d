import { api } from "encore.dev/api";
import type { MaxLen } from "encore.dev/validate";

/** @minimum 0 @maximum 150 */
type Age = number;
/** @maxItems 3 */
type Ages = Age[];
/** @pattern ^[a-z]+$ */
type Word = string;
interface Group {
  list: Age[];
  frozen: readonly Age[];
  generic: ReadonlyArray<Age>;
  named: Ages;
  ruled: Age[] & MaxLen<2>;
  nullable: Age[] | null;
  optional?: Ages | null;
  nested: Age[][];
  record: Record<string, Age>;
  records: Record<string, Ages>;
  either: Word | Word[];
  /** @minItems 1 */
  tagged: Word[];
  picked: Group["named"];
  pair: (Age | null)[];
}
export const group = api({ method: "POST", path: "/groups" }, async (_: Group) => {});
export const root = api({ method: "POST", path: "/root" }, async (ages: Ages): Promise<Ages> => ages);
export const table = api({ method: "POST", path: "/table" }, async (_: { rows: Word[][] }): Promise<Record<string, Word>> => ({}));
