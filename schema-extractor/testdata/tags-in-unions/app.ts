import { api } from "encore.dev/api";

/** @minLength 3 */
type Word = string;
/** @minimum 1 */
type Count = number;
interface Mixed {
  /** @minimum 1 @maximum 9 */
  nullable: number | null;
  /** @minimum 1 @minLength 2 */
  both: number | string;
  /** @maxItems 5 @format email */
  textOrList: string | string[];
  /** @exclusiveMinimum 0 */
  optional?: number | "auto";
  named: Word | Count | null;
  shared: Word | string;
  /** @minimum 2 */
  literals: 1 | 2 | 3;
}
export const mix = api({ method: "POST", path: "/mix" }, async (_: Mixed) => {});
