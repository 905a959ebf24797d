import { api } from "encore.dev/api";
import { type Attribute, Topic } from "encore.dev/pubsub";

const atLeastOnce = { deliveryGuarantee: "at-least-once" } as const;
interface Order {
  id: Attribute<string>;
  kind: Attribute<string>;
  total: number;
}
interface Loaded {
  done: () => void;
  nested: { sign: symbol };
}

export const first = new Topic<Order>("orders", atLeastOnce);
export const again = new Topic<Order>("orders", atLeastOnce);
export const unnamed = new Topic<Order>("", atLeastOnce);
export const odd = new Topic<Order>("my orders", atLeastOnce);
export const computed = new Topic<Order>(String(Math.random()), atLeastOnce);
export const list = new Topic<string[]>("list", atLeastOnce);
export const dated = new Topic<Date>("date", atLeastOnce);
export const either = new Topic<Order | number[]>("either", atLeastOnce);
export const unordered = new Topic<Order>("unordered", { ...atLeastOnce, orderingAttribute: "total" as "id" });
export const missing = new Topic<Order>("missing", { ...atLeastOnce, orderingAttribute: "nothing" as "id" });
export const plain = new Topic<{ a: string }>("plain", { ...atLeastOnce, orderingAttribute: "b" as never });
export const guarantee = new Topic<Order>("guarantee", { deliveryGuarantee: "at-most-once" as "at-least-once" });
export const late = new Topic<Order>("late", { deliveryGuarantee: Math.random() > 1 ? "at-least-once" : "exactly-once" });
export const broken = new Topic<Loaded>("broken", atLeastOnce);
export const written = new Topic<{ at: { toJSON(): string } }>("written", atLeastOnce);
export function make(): Topic<Order> {
  return new Topic<Order>("nested", atLeastOnce);
}
export const unknown = new Topic<Nowhere>("unknown", atLeastOnce);
export const hello = api({}, async (): Promise<void> => {});
