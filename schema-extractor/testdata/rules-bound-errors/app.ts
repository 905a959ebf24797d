import { api } from "encore.dev/api";
import { Decimal } from "encore.dev/types";
import type { Max, Min, MultipleOf } from "encore.dev/validate";

interface Wrong {
  textOnNumber: number & Min<"1">;
  bigintOnNumber: number & Max<10n>;
  numberOnDate: Date & Min<0>;
  dayOnDate: Date & Min<"2024-01-01">;
  noSuchDay: Date & Max<"2024-02-30T00:00:00Z">;
  withoutZone: Date & Max<"2024-02-03T00:00:00">;
  wordOnBigint: bigint & Min<"ten">;
  fractionOnBigint: bigint & Min<"1.5">;
  wordOnDecimal: Decimal & Max<"much">;
  openBigint: bigint & Min<bigint>;
  openText: Date & Min<string>;
  onString: string & Max<"z">;
  onBoolean: boolean & Min<1>;
  zero: number & MultipleOf<0>;
  negative: number & MultipleOf<-1>;
  open: number & MultipleOf<number>;
  deep: { list: (Date & Min<"yesterday">)[] };
  fine: Date & Min<"2024-01-01T00:00:00Z">;
}
export const send = api({ path: "/send" }, async (_: Wrong) => {});
