import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { Topic, Subscription } from "encore.dev/pubsub";

export const hook = api.raw({ path: "/hook" }, async () => {});
export const db = new SQLDatabase("main");
export const topic = new Topic<{ id: string }>("topic", { deliveryGuarantee: "at-least-once" });
new Subscription(topic, "sub", { handler: async () => {} });
export const tick = api({}, async () => {});
