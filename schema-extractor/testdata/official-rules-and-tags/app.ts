import { api, type Header, type Query } from "encore.dev/api";
import { Decimal } from "encore.dev/types";
import type { IsEmail, IsURL, Max, MaxLen, Min, MinLen } from "encore.dev/validate";

interface Order {
  /** @format uuid */
  id: Header<"X-Id">;
  size: Query<number> & (Min<1> & Max<100>);
  /** @minimum 0.01 */
  price: Decimal;
  cheap: Decimal & Max<10>;
  contact: string & (IsEmail | IsURL);
  /** @default ["new"] */
  tags: (string & MinLen<1>)[] & MaxLen<10>;
  deep: string & ((MinLen<3> & MaxLen<9>) | IsEmail);
  maybe?: (string & MaxLen<3>) | null;
}
export const order = api({ method: "POST", path: "/orders" }, async (_: Order) => {});
