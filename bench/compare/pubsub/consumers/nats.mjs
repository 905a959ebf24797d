// @ts-check
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { broker, prefetch, serve } from "./serve.mjs";

const name = "theirs";

await serve(async (handle) => {
  const connection = await connect({ servers: broker });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name,
    subjects: [name],
    retention: RetentionPolicy.Interest,
    storage: StorageType.File,
  });
  await manager.consumers.add(name, { durable_name: name, ack_policy: AckPolicy.Explicit, max_ack_pending: -1 });
  const stream = jetstream(connection);
  const consumer = await stream.consumers.get(name, name);
  await consumer.consume({
    max_messages: prefetch,
    callback: (message) => {
      void handle(message.string()).then(() => message.ack());
    },
  });
  return (body) => stream.publish(name, body);
});
