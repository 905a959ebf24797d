import { Subscription } from "encore.dev/pubsub";
import { type CartEvent, cartEvents, plain } from "../shop/topics";

const _ = new Subscription(cartEvents, "send-mail", {
  handler: async (event: CartEvent) => {
    void event.event;
  },
  maxConcurrency: 3,
  ackDeadline: "45s",
  messageRetention: "24h",
  retryPolicy: { minBackoff: "1s", maxBackoff: "1h", maxRetries: 5 },
});
new Subscription(plain, "send-mail", { handler: async ({ id }) => id });
