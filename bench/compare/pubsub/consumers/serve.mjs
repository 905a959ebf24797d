// @ts-check
import { createServer } from "node:http";
import { createDriver } from "../app/driver.mjs";

/** Where the broker is. */
export const broker = process.env["BROKER"] ?? "";

/** How many messages may be out at a time, as many as ours has handlers. */
export const prefetch = 1000;

/**
 * Answers what the comparison asks of every contestant.
 * @param {(handled: (message: import("../app/driver.d.mts").DrivenMessage) => void) => Promise<(message: object) => Promise<unknown>>} connect
 *   begins to consume, and returns what publishes
 */
export async function serve(connect) {
  /** @type {(message: object) => Promise<unknown>} */
  let publish = () => Promise.reject(new Error("not connected yet"));
  const driver = createDriver((message) => publish(message));
  publish = await connect((message) => driver.handled(message));

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
