import { api } from "encore.dev/api";
import { type DurationString, Subscription, Topic } from "encore.dev/pubsub";

interface Order {
  id: string;
}
export const orders = new Topic<Order>("orders", { deliveryGuarantee: "at-least-once" });
const broken = new Topic<string[]>("broken", { deliveryGuarantee: "at-least-once" });
const handler = async (): Promise<void> => {};
const soon = "soon" as DurationString;
let changing = orders;

new Subscription(orders, "a", { handler });
new Subscription(orders, "a", { handler });
new Subscription(orders, "a b", { handler });
new Subscription(orders, String(Math.random()), { handler });
new Subscription(changing, "b", { handler });
new Subscription(find(), "c", { handler });
// What is wrong with its topic is said there.
new Subscription(broken, "d", { handler });
new Subscription(orders, "e", { handler, maxConcurrency: 0 });
new Subscription(orders, "f", { handler, maxConcurrency: 1.5 });
new Subscription(orders, "g", { handler, ackDeadline: soon, messageRetention: "0s" });
new Subscription(orders, "h", { handler, ackDeadline: "999ms" });
new Subscription(orders, "i", { handler, retryPolicy: { minBackoff: soon, maxBackoff: soon, maxRetries: -2 } });
new Subscription(orders, "j", { handler, retryPolicy: { minBackoff: "2m", maxBackoff: "1m", maxRetries: 1e12 } });
new Subscription(orders, "k", { handler, maxConcurrency: Math.random() });
new Subscription(orders, "l", configured());
// The compiler's business.
new Subscription(orders, "m", {});
new Subscription(orders, "n", { handler: async (_: { id: number }) => {} });
export function later(): void {
  new Subscription(orders, "o", { handler });
}
function find(): Topic<Order> {
  return orders;
}
function configured(): { handler: () => Promise<void> } {
  return { handler };
}
export const hello = api({}, async (): Promise<void> => void (changing = find()));
