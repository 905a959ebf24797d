import { api, Gateway } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
import { CronJob } from "encore.dev/cron";
import { secret } from "encore.dev/config";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { Topic, Subscription } from "encore.dev/pubsub";
import type { Header } from "encore.dev/api";

export const hook = api.raw({ path: "/hook" }, async () => {});
export const up = api.streamIn<{ text: string }>({ path: "/up" }, async () => {});
export const files = api.static({ path: "/files/*path", dir: "./files" });
const auth = authHandler(async (_: { authorization: Header<"Authorization"> }) => ({ userID: "1" }));
export const gateway = new Gateway({ authHandler: auth });
export const key = secret("Key");
export const db = new SQLDatabase("main");
export const topic = new Topic<{ id: string }>("topic", { deliveryGuarantee: "at-least-once" });
new Subscription(topic, "sub", { handler: async () => {} });
export const tick = api({}, async () => {});
new CronJob("tick", { every: "1h", endpoint: tick });
