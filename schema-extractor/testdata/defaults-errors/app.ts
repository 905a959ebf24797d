import { api } from "encore.dev/api";
import type { Integer, IsEmail, IsUUID, Max, MaxLen, Min, MultipleOf, UniqueItems } from "encore.dev/validate";

interface Wrong {
  /** @default ten */
  word: number;
  /** @default */
  nothing: string;
  /** @default 101 */
  rule: number & Max<100>;
  /** @default 5 is enough */
  explained: number;
  /** @default null */
  noNull: string;
  /** @default "c" */
  literal: "a" | "b";
  /** @default tomorrow */
  date: Date;
  /** @default 1.5 */
  bigint: bigint;
  /** @default 9007199254740992 */
  bound: bigint & Max<9007199254740991n>;
  /** @default 2020-01-01T00:00:00Z */
  early: Date & Min<"2024-01-01T00:00:00Z">;
  /** @default ["a", "a"] */
  twice: string[] & UniqueItems;
  /** @default ["a", 1] */
  element: string[];
  /** @default {"b": 1} */
  field: { a: number; b: number };
  /** @default {"a": 1, "c": 1} */
  unknownField: { a: number };
  /** @default nobody */
  email: string & IsEmail;
  /** @default 1 */
  uuid: string & IsUUID;
  /** @default 1.5 */
  integer: number & Integer;
  /** @default 0.25 */
  multiple: number & MultipleOf<0.1>;
  /** @default abc */
  long: string & MaxLen<2>;
  /**
   * @minimum 3
   * @default 2
   */
  tag: number;
  /** @default 0.3 */
  fine: number & MultipleOf<0.1>;
}
export const send = api({ path: "/send" }, async (_: Wrong) => {});
