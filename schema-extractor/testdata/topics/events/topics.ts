import { type Attribute, Topic } from "encore.dev/pubsub";
import type { Decimal } from "encore.dev/types";
import type { Max, MinLen } from "encore.dev/validate";

/** Somebody put something into a cart. */
export interface CartEvent {
  cart: Attribute<string>;
  /** Which shelf. */
  shelf?: Attribute<1 | 2>;
  urgent: Attribute<boolean> | null;
  article: string & MinLen<1>;
  pieces: number & Max<10>;
  price: Decimal;
  total: bigint;
  at: Date;
  picture?: Uint8Array;
  tags: Set<string>;
  nested: { inner: Attribute<string> };
}

/** What happens in carts. */
export const carts = new Topic<CartEvent>("carts", {
  deliveryGuarantee: "exactly-once",
  orderingAttribute: "cart",
});

type Moved = { kind: Attribute<"moved">; from: string; to: string };
type Removed = { kind: Attribute<"removed">; id: Attribute<number> };
const name = `stock-${1 + 1}`;
const topics = { stock: new Topic<Moved | Removed>(name, { deliveryGuarantee: "at-least-once" }) } as const;
export default new Topic<Record<string, number>>("levels", { deliveryGuarantee: "at-least-once" });
export class Topics {
  static readonly tree = new Topic<Tree>("tree", { deliveryGuarantee: "at-least-once" });
}
export interface Tree {
  name: string;
  children: Tree[];
}
export { topics as more };
