import type { BoundEndpoint, DeliveredMessage, SubscriptionBinding } from "./bound-endpoint.js";
import { apiError } from "./errors.js";
import type { MessageHandler } from "./registry.js";

/**
 * What the host calls to have a message handled: it has an endpoint's form, but no client, no middleware and no answer.
 * @param revive turns a message into what its handler gets
 */
export function boundSubscription(
  subscription: SubscriptionBinding,
  handler: MessageHandler,
  revive: (message: unknown) => unknown,
): BoundEndpoint {
  const { topic, name, service, sensitive, module } = subscription;
  const refuse = (): never => {
    throw apiError("internal", `${topic}/${name} is a subscription, which only its topic's messages reach`);
  };
  return {
    service,
    endpoint: name,
    kind: "typed",
    expose: false,
    auth: false,
    sensitive,
    tags: [],
    takesParams: true,
    handshake: false,
    module,
    exportName: "",
    subscription,
    handler,
    middlewares: [],
    checkRequest: refuse,
    copyResponse: refuse,
    answer: refuse,
    runThroughMiddleware: refuse,
    run: (call, parsed) => {
      const delivered = parsed as DeliveredMessage;
      call.delivered = delivered;
      return handler((call.request = revive(delivered.message)));
    },
  };
}
