// @ts-check
import { CreateTopicCommand, PublishBatchCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";
import { broker, serve } from "./serve.mjs";

const name = "theirs";
/** As many as a request may carry, either way. */
const batch = 10;
/** One consumer has one request at a time under way. */
const consumers = 8;
const sends = 8;

await serve(async (handle) => {
  const settings = {
    endpoint: broker,
    region: "eu-west-1",
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
  };
  const sqs = new SQSClient(settings);
  const sns = new SNSClient(settings);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: name }));
  const subscription = { TopicArn, Protocol: "sqs", Endpoint: Attributes?.["QueueArn"] ?? "" };
  await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: "true" } }));

  for (let index = 0; index < consumers; index++) {
    Consumer.create({
      queueUrl: QueueUrl,
      sqs,
      batchSize: batch,
      waitTimeSeconds: 20,
      handleMessageBatch: async (messages) => {
        await Promise.all(messages.map(({ Body }) => handle(Body ?? "")));
        return messages;
      },
    })
      .on("error", (error) => console.error(error))
      .start();
  }

  /** @type {{ body: string, resolve: (value: unknown) => void, reject: (error: unknown) => void }[]} */
  const waiting = [];
  let sending = 0;
  const flush = async () => {
    while (waiting.length > 0 && sending < sends) {
      const part = waiting.splice(0, batch);
      sending++;
      const entries = part.map(({ body }, index) => ({ Id: String(index), Message: body }));
      try {
        const { Failed = [] } = await sns.send(
          new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }),
        );
        const failed = new Map(Failed.map((entry) => [Number(entry.Id), entry]));
        part.forEach(({ resolve, reject }, index) =>
          failed.has(index) ? reject(failed.get(index)) : resolve(undefined),
        );
      } catch (error) {
        part.forEach(({ reject }) => reject(error));
      }
      sending--;
    }
  };
  return (body) =>
    new Promise((resolve, reject) => {
      waiting.push({ body, resolve, reject });
      // What one turn publishes goes together.
      if (waiting.length === 1) setImmediate(() => Array.from({ length: sends }, () => void flush()));
    });
});
