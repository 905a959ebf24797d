/** Requests and responses with the classes of Node's `http`. */
import type { CallContext } from "../../internal/call-context.js";
import type { RawExchange } from "../../internal/raw-endpoint.js";
import { ExchangePort } from "./exchange-port.js";
import { IncomingMessage } from "./incoming-message.js";
import { ServerResponse } from "./server-response.js";

export { Buffer } from "./buffer.js";
export { IncomingMessage, ServerResponse };

/** Makes the objects that a raw endpoint's handler gets. */
export function openExchange(call: CallContext): RawExchange {
  const { description } = call;
  const port = new ExchangePort(description.raw?.id ?? 0);
  const request = new IncomingMessage(port, description);
  const response = new ServerResponse(port, request);
  const done = new Promise<void>((resolve) => {
    response.once("close", () => {
      resolve();
    });
  });
  // Whoever listens is told; a handler that doesn't must not end the isolate's turn with an error that nobody caught.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  call.signal.addEventListener("abort", () => {
    request.aborted = true;
    request.emit("aborted");
    request.destroy();
    response.destroy();
  });
  return { request, response, done };
}
