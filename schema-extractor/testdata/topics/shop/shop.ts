import { api } from "encore.dev/api";
import { Subscription } from "encore.dev/pubsub";
import levels, { carts, type CartEvent, more, Topics } from "../events/topics";

export const add = api({ expose: true }, async (event: CartEvent): Promise<{ id: string }> => ({ id: await carts.publish(event) }));
export const count = api({}, async ({ name }: { name: string }) => ({ name }));

/** Counts. */
export const counts = new Subscription(carts, "count", {
  handler: async ({ pieces }) => pieces,
  maxConcurrency: 5,
  ackDeadline: "1m",
  messageRetention: "1h 30m",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "2m30s", maxRetries: 0 },
});
const policy = { maxRetries: -1, minBackoff: "20m" } as const;
const shared = { maxConcurrency: -1, retryPolicy: policy } as const;
new Subscription(more.stock, "moves", { ...shared, async handler(event) { return event.kind; } });
new Subscription(levels, "levels", { handler: async () => {}, retryPolicy: { maxBackoff: "2s" } });
const _ = new Subscription(Topics.tree, "names", { handler: count });
