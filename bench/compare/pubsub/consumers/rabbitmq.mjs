// @ts-check
import { connect } from "amqplib";
import { broker, prefetch, serve } from "./serve.mjs";

const queue = "theirs";

await serve(async (handle) => {
  const connection = await connect(broker);
  const publisher = await connection.createConfirmChannel();
  await publisher.assertQueue(queue, { durable: true, arguments: { "x-queue-type": "quorum" } });
  const consumer = await connection.createChannel();
  await consumer.prefetch(prefetch);
  await consumer.consume(queue, (message) => {
    if (message === null) return;
    void handle(message.content.toString()).then(() => consumer.ack(message));
  });
  return (body) =>
    new Promise((resolve, reject) => {
      publisher.publish("", queue, Buffer.from(body), { persistent: true }, (error) =>
        error ? reject(error) : resolve(undefined),
      );
    });
});
