import { api } from "encore.dev/api";
import { Subscription, Topic } from "encore.dev/pubsub";

/** @typedef {{ user: import("encore.dev/pubsub").Attribute<string>, at: Date }} Signup */

/** @type {Topic<Signup>} */
export const signups = new Topic("signups", { deliveryGuarantee: "at-least-once", orderingAttribute: "user" });
export const untyped = new Topic("untyped", { deliveryGuarantee: "at-least-once" });
export const unsaid = new Topic("unsaid", {});

new Subscription(signups, "greet", { handler: async ({ user }) => user });
new Subscription(untyped, "greet", { async handler(message) { return message; } });
export const hello = api({}, async () => {});
