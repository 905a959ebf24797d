import * as pubsub from "encore.dev/pubsub";
import * as events from "../events/topics.ts";

async function send(event: { cart: string; at: Date }): Promise<void> {
  void event;
}
const topic = events.carts;
new pubsub.Subscription(topic, "count-mails", { handler: send });
new pubsub.Subscription(events.carts, "another", { handler: send, maxConcurrency: undefined });
