import { api } from "encore.dev/api";
import { Decimal } from "encore.dev/types";
import type { Integer, Max, Min, MultipleOf } from "encore.dev/validate";

interface Price {
  whole: Decimal & Min<1>;
  fraction: Decimal & Min<0.1>;
  digits: Decimal & (Min<"0.01"> & Max<"99999999999999999999.99">);
  wholeText: Decimal & Min<"-3">;
  bigint: Decimal & Max<100n>;
  cents: Decimal & MultipleOf<0.01>;
  units: Decimal & Integer;
  discount: (Decimal & Max<1>) | "none";
}
export const quote = api({ method: "POST", path: "/quotes" }, async (price: Price): Promise<{ total: Decimal }> => ({ total: new Decimal(price.units.value) }));
