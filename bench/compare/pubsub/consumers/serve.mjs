// @ts-check
import { createServer } from "node:http";
import { Ajv } from "ajv";
import { createDriver } from "../app/driver.mjs";

/** Where the broker is. */
export const broker = process.env["BROKER"] ?? "";

/** How many messages may be out at a time, as many as ours has handlers. */
export const prefetch = 1000;

/** Every message is checked when it is published and before it is handled, as ours is. */
const isNote = new Ajv().compile({
  type: "object",
  properties: {
    run: { type: "number" },
    number: { type: "number" },
    sent: { type: "number" },
    text: { type: "string" },
  },
  required: ["run", "number", "sent", "text"],
});

/** @typedef {import("../app/driver.d.mts").DrivenMessage} DrivenMessage */

/**
 * Answers what the comparison asks of every contestant.
 * @param {(handle: (body: string) => Promise<void>) => Promise<(body: string) => Promise<unknown>>} connect begins to consume, acknowledging
 *   what is handled, and returns what publishes
 */
export async function serve(connect) {
  /** @type {(body: string) => Promise<unknown>} */
  let publish = () => Promise.reject(new Error("not connected yet"));
  const driver = createDriver(async (message) => {
    if (!isNote(message)) throw new TypeError("no message");
    await publish(JSON.stringify(message));
  });
  publish = await connect(async (body) => {
    const message = JSON.parse(body);
    if (!isNote(message)) throw new TypeError("no message");
    driver.handled(/** @type {DrivenMessage} */ (message));
  });

  const server = createServer((request, response) => {
    const [, name, messages, window] = (request.url ?? "").split("/");
    const answer =
      name === "run" ? driver.run(Number(messages), Number(window)) : Promise.resolve({ message: "Hello, World" });
    void answer.then((value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value)));
  });
  server.requestTimeout = 0;
  server.listen(Number(process.env["PORT"]), "127.0.0.1");
  process.once("SIGTERM", () => process.exit(0));
}
