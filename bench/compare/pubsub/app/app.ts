import { api } from "encore.dev/api";
import { Subscription, Topic } from "encore.dev/pubsub";
import { createDriver, type Figures } from "./driver.mjs";

interface Note {
  run: number;
  number: number;
  sent: number;
  text: string;
}

const notes = new Topic<Note>("notes", { deliveryGuarantee: "at-least-once" });
const driver = createDriver((note) => notes.publish(note));

const _ = new Subscription(notes, "count", {
  handler: async (note) => driver.handled(note),
  maxConcurrency: 1000,
});

export const hello = api({ expose: true, method: "GET", path: "/hello" }, async () => ({ message: "Hello, World" }));

export const run = api(
  { expose: true, method: "GET", path: "/run/:messages/:window" },
  async ({ messages, window }: { messages: number; window: number }): Promise<Figures> => driver.run(messages, window),
);
