import { type Attribute, Topic } from "encore.dev/pubsub";

/** An order was placed; those of one customer arrive in their order. */
export interface OrderPlaced {
  orderId: number;
  customer: Attribute<string>;
  cents: number;
}

export const placed = new Topic<OrderPlaced>("orders", {
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "customer",
});
