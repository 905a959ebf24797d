import { api } from "encore.dev/api";
import type { Max, Min } from "encore.dev/validate";

interface Transfer {
  byNumber: bigint & Min<1>;
  byBigint: bigint & (Min<-5n> & Max<10n>);
  beyondDoubles: bigint & Max<9007199254740993n>;
  byText: bigint & Min<"-123456789012345678901234567890">;
  smallText: bigint & Min<"12">;
  fraction: bigint & Max<1.5>;
  list: (bigint & Min<0n>)[];
  maybe: (bigint & Min<1n>) | null;
}
export const transfer = api({ method: "POST", path: "/transfers" }, async (_: Transfer) => {});
