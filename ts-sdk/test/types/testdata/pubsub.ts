import {
  type Attribute,
  type AttributesOf,
  type DeliveryGuarantee,
  type Publisher,
  type RetryPolicy,
  Subscription,
  type SubscriptionConfig,
  Topic,
} from "encore-host/pubsub";
import { api, type Header } from "encore-host/api";
import { SQLDatabase } from "encore-host/storage/sqldb";
import type { Min } from "encore-host/validate";

interface Message {
  id: Attribute<number>;
  kind: Attribute<"created" | "gone">;
  urgent?: Attribute<boolean>;
  ranked: Attribute<number> & Min<1>;
  name: string;
  trace: Header<"X-Trace">;
  at: Date;
  nested: { id: Attribute<string> };
}

export const names: AttributesOf<Message>[] = ["id", "kind", "urgent", "ranked"];
export const message: Message = {
  id: 1,
  kind: "gone",
  urgent: true,
  ranked: 2,
  name: "n",
  trace: "t",
  at: new Date(),
  nested: { id: "i" },
};
export const plain: { id: number; kind: "created" | "gone" } = message;
export const picked: AttributesOf<Pick<Message, "id" | "name">> = "id";

// @ts-expect-error a field without an attribute's type is none
export const name: AttributesOf<Message> = "name";
// @ts-expect-error a header is none
export const trace: AttributesOf<Message> = "trace";
// @ts-expect-error objects are none
export const nested: AttributesOf<Message> = "nested";
// @ts-expect-error attributes are scalars
export type Wrong = Attribute<Date>;
// @ts-expect-error an attribute doesn't change the type
export const wrong: Message["id"] = "1";
// @ts-expect-error there is no attribute among them
export const none: AttributesOf<{ a: string }> = "a";

const topic = new Topic<Message>("messages", { deliveryGuarantee: "exactly-once", orderingAttribute: "id" });
// @ts-expect-error only attributes give an order
new Topic<Message>("unordered", { deliveryGuarantee: "at-least-once", orderingAttribute: "name" });
// @ts-expect-error how often?
new Topic<Message>("unsaid", {});
// @ts-expect-error a message is an object
new Topic<string>("texts", { deliveryGuarantee: "at-least-once" });
export const topicName: string = topic.name;
export const guarantee: DeliveryGuarantee = topic.cfg.deliveryGuarantee;

const db = new SQLDatabase("app");
export async function publish(publisher: Publisher<Message>): Promise<string> {
  await using tx = await db.begin();
  await topic.publish(message, { transaction: tx, deliverAt: new Date() });
  // @ts-expect-error a connection is no transaction
  await topic.publish(message, { transaction: await db.acquire() });
  // @ts-expect-error not what the topic carries
  await topic.publish({ id: 1 });
  await tx.commit();
  return publisher.publish(message);
}
void publish(topic.ref<Publisher<Message>>());
void publish(topic);
// @ts-expect-error not any type is a permission
topic.ref<{ publish(): void }>();

const retryPolicy: RetryPolicy = { minBackoff: "1s", maxBackoff: "1h30m", maxRetries: -1 };
const config: SubscriptionConfig<Message> = {
  handler: async ({ id }) => id,
  maxConcurrency: 3,
  ackDeadline: "30s",
  messageRetention: "168h",
  retryPolicy,
};
export const subscription: Subscription<Message> = new Subscription(topic, "all", config);
new Subscription(topic, "plain", { handler: async (plain: { id: number }) => plain });
new Subscription(topic, "endpoint", { handler: api({}, async ({ name }: { name: string }) => ({ name })) });
// @ts-expect-error a handler takes what the topic carries
new Subscription(topic, "wrong", { handler: async (_: { id: Date }) => {} });
// @ts-expect-error who handles?
new Subscription(topic, "none", {});
// @ts-expect-error no length of time
new Subscription(topic, "soon", { handler: async () => {}, ackDeadline: "soon" });
