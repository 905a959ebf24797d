import { isolateRuntime } from "../internal/registry.js";
import type { DurationString } from "../types/index.js";
import type { Topic } from "./topic.js";

/** When a message whose handler failed comes again. */
export interface RetryPolicy {
  /** The wait before the first retry; it doubles with each. Default: `"10s"`. */
  minBackoff?: DurationString;
  /** The longest wait. Default: `"10m"`. */
  maxBackoff?: DurationString;
  /** After how many retries the message becomes a dead letter; 0 is at once, -1 is never. Default: 100. */
  maxRetries?: number;
}

/** How a subscription is declared. Values but the handler have to be literals: they are read at build time. */
export interface SubscriptionConfig<Msg> {
  /** Handles one message; where it fails, the message comes again. */
  handler: (msg: Msg) => Promise<unknown>;
  /** How many messages each process of the service handles at a time; negative for no limit but the host's own. Default: 100. */
  maxConcurrency?: number;
  /** After which time another process may be given a message that one has died with; at least a second. Default: `"30s"`. */
  ackDeadline?: DurationString;
  /** How long a message waits to be handled before it becomes a dead letter. Default: 7 days. */
  messageRetention?: DurationString;
  /** When a message whose handler failed comes again. */
  retryPolicy?: RetryPolicy;
}

/**
 * A subscription: its handler gets every message of a topic. It belongs to the service in whose folder it is declared.
 *
 * ```ts
 * const _ = new Subscription(signups, "send-welcome-mail", {
 *   handler: async ({ userID }) => sendWelcomeMail(userID),
 * });
 * ```
 */
export class Subscription<Msg extends object> {
  /** The topic. */
  readonly topic: Topic<Msg>;
  /** Its name: a literal, unique among the topic's subscriptions. */
  readonly name: string;
  /** What it was declared with. */
  readonly cfg: SubscriptionConfig<Msg>;

  constructor(topic: Topic<Msg>, name: string, cfg: SubscriptionConfig<Msg>) {
    this.topic = topic;
    this.name = name;
    this.cfg = cfg;
    isolateRuntime()?.subscribe(topic.name, name, (message) => cfg.handler(message as Msg));
  }
}
