import { api } from "encore.dev/api";
import { Subscription, Topic } from "encore.dev/pubsub";

export const signups = new Topic("signups", { deliveryGuarantee: "sometimes", orderingAttribute: "user" });
export const unnamed = new Topic();
export const later = new Topic(() => "later", {});

new Subscription(signups, "idle", {});
new Subscription(signups, "wordless");
new Subscription(signups);
new Subscription();
new Subscription("signups", "by-name", { handler: async () => {}, ackDeadline: 30 });
export const hello = api({}, async () => {});
