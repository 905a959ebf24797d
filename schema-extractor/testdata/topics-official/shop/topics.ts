import { type Attribute, Topic } from "encore.dev/pubsub";

export interface CartEvent {
  shoppingCartID: Attribute<number>;
  event: string;
  kind?: Attribute<"a" | "b">;
  urgent: Attribute<boolean>;
}

export const cartEvents = new Topic<CartEvent>("cart-events", {
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "shoppingCartID",
});
export const plain = new Topic<{ id: string }>("plain", { deliveryGuarantee: "exactly-once" });
