import { Subscription } from "encore.dev/pubsub";
import { orders } from "../shop/shop";

new Subscription(orders, "mail", { handler: async () => {} });
