import { api } from "encore.dev/api";
import { Decimal } from "encore.dev/types";

interface Options {
  /** @default 10 */
  limit: number;
  /** @default -0.5 */
  offset?: number;
  /** @default true */
  active: boolean;
  /** @default "name" */
  sort: string;
  /** @default "" */
  empty: string;
  /** @default null */
  parent: string | null;
  /** @default 2024-01-01T00:00:00Z */
  since: Date;
  /** @default 9007199254740993 */
  cursor: bigint;
  /** @default 12n */
  count: bigint;
  /** @default 1.50 */
  price: Decimal;
  /** @default "0.1" */
  tax: Decimal;
  /** @default {"any": ["thing", 1]} */
  extra: unknown;
}
export const list = api({ method: "POST", path: "/list" }, async (options: Options): Promise<Options> => options);
