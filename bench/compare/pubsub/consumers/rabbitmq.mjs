// @ts-check
import { connect } from "amqplib";
import { broker, prefetch, serve } from "./serve.mjs";

const queue = "theirs";

await serve(async (handled) => {
  const connection = await connect(broker);
  const publisher = await connection.createConfirmChannel();
  await publisher.assertQueue(queue, { durable: true, arguments: { "x-queue-type": "quorum" } });
  const consumer = await connection.createChannel();
  await consumer.prefetch(prefetch);
  await consumer.consume(queue, (message) => {
    if (message === null) return;
    handled(JSON.parse(message.content.toString()));
    consumer.ack(message);
  });
  return (message) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(JSON.stringify(message));
      publisher.publish("", queue, body, { persistent: true }, (error) => (error ? reject(error) : resolve(undefined)));
    });
});
