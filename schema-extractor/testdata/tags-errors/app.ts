import { api } from "encore.dev/api";

/** @minimum often */
type Bad = number;
interface Wrong {
  /** @minimum ten */
  word: number;
  /** @maximum */
  nothing: number;
  /** @minimum 1 at least */
  explained: number;
  /** @minLength -1 */
  negative: string;
  /** @maxItems 1.5 */
  fraction: string[];
  /** @pattern ( */
  pattern: string;
  /** @format phone */
  format: string;
  /** @format */
  noFormat: string;
  /** @uniqueItems maybe */
  unique: string[];
  /** @asType float */
  asType: number;
  /** @multipleOf 0 */
  zero: number;
  /** @minimum 2024-01-01 */
  date: Date;
  /** @exclusiveMaximum 1.5 */
  bigint: bigint;
  /** @minLength 1 */
  wrongKind: number;
  /** @minimum 1 */
  elements: number[];
  /** @minItems 1 */
  object: { a: string };
  /** @minLength 1 */
  noneOfThem: number | boolean | null;
  bad: Bad;
  deep: { list: { /** @maxLength many */ text: string }[] };
  /** @minimum 1 */
  fine: number;
}
export const send = api({ path: "/send" }, async (_: Wrong) => {});
