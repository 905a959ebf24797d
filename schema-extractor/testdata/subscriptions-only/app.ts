import { Subscription, Topic } from "encore.dev/pubsub";

const ticks = new Topic<{ n: number }>("ticks", { deliveryGuarantee: "at-least-once" });
new Subscription(ticks, "next", { handler: async ({ n }) => void (await ticks.publish({ n: n + 1 })) });
