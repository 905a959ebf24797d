import { isolateRuntime } from "../internal/registry.js";
import { publishWithin } from "../internal/transactions.js";
import type { AttributesOf } from "./attributes.js";
import type { Publisher, PublishOptions, TopicPerms, topicPermission } from "./publisher.js";

/**
 * How often a message reaches a subscription's handler: at least once, which may be again where it isn't certain that the handler had finished
 * with it; or once, as far as the broker can tell messages apart.
 */
export type DeliveryGuarantee = "at-least-once" | "exactly-once";

/** How a topic is declared. */
export interface TopicConfig<Msg extends object> {
  /** How often a message reaches a subscription's handler. */
  deliveryGuarantee: DeliveryGuarantee;
  /**
   * The attribute whose messages keep their order: one with the same value is handled only when those published before it are. Left out:
   * messages have no order.
   */
  orderingAttribute?: AttributesOf<Msg>;
}

/**
 * A topic: what is published to it, each of its subscriptions gets.
 *
 * ```ts
 * export const signups = new Topic<Signup>("signups", { deliveryGuarantee: "at-least-once" });
 * await signups.publish({ userID: "ada" });
 * ```
 */
export class Topic<Msg extends object> implements Publisher<Msg> {
  /** @internal */
  declare readonly [topicPermission]: true;
  /** Its name: a literal, unique in the application. */
  readonly name: string;
  /** What it was declared with. */
  readonly cfg: TopicConfig<Msg>;

  constructor(name: string, cfg: TopicConfig<Msg>) {
    this.name = name;
    this.cfg = cfg;
  }

  /**
   * Publishes a message. The promise settles when the broker has it safely; with a transaction, when the transaction has it.
   * @returns the message's id, by which its handlers know it; with a transaction, the id of its place in the database
   * @throws where the message isn't what the topic's type says, or the broker doesn't take it
   */
  async publish(msg: Msg, options: PublishOptions = {}): Promise<string> {
    const runtime = isolateRuntime();
    if (runtime === undefined) {
      throw new Error(
        `publishing to the topic ${this.name} needs a host: run the application with encore-host, or replace the topic's publish in tests`,
      );
    }
    const { transaction, deliverAt } = options;
    if (deliverAt !== undefined && Number.isNaN(deliverAt.getTime())) {
      throw new TypeError(`a message of the topic ${this.name} can't be delivered at an invalid date`);
    }
    const within = transaction === undefined ? undefined : transaction[publishWithin]();
    const { value } = await runtime.publish(this.name, msg, deliverAt?.toISOString(), within).promise;
    return value as string;
  }

  /** The topic, for code that is to do no more with it than the type says: `ref<Publisher<Signup>>()`. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the permissions are what the caller asks for
  ref<Perms extends TopicPerms>(): Perms {
    return this as unknown as Perms;
  }
}
