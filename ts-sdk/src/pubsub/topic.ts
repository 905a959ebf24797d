import { raisedHere, raisedLater } from "../internal/errors.js";
import { isolateRuntime, type Settlement } from "../internal/registry.js";
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
  publish(msg: Msg, options: PublishOptions = {}): Promise<string> {
    // What is thrown here rejects.
    return new Promise((resolve) => {
      const runtime = isolateRuntime();
      if (runtime === undefined) throw noHost(this.name);
      const { transaction, deliverAt } = options;
      if (deliverAt !== undefined && Number.isNaN(deliverAt.getTime())) {
        throw new TypeError(`a message of the topic ${this.name} can't be delivered at an invalid date`);
      }
      runtime.publish(
        this.name,
        msg,
        new Publication(resolve),
        deliverAt?.toISOString(),
        transaction?.[publishWithin](),
      );
    });
  }

  /** The topic, for code that is to do no more with it than the type says: `ref<Publisher<Signup>>()`. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the permissions are what the caller asks for
  ref<Perms extends TopicPerms>(): Perms {
    return this as unknown as Perms;
  }
}

/** A message that is on its way to the broker. */
class Publication implements Settlement {
  call: unknown = undefined;
  readonly #resolve: (id: string | Promise<never>) => void;

  constructor(resolve: (id: string | Promise<never>) => void) {
    this.#resolve = resolve;
  }

  complete(id: unknown): void {
    this.#resolve(id as string);
  }

  fail(failure: Error): void {
    this.#resolve(raisedLater(() => raisedHere(failure)));
  }
}

function noHost(topic: string): Error {
  return new Error(
    `publishing to the topic ${topic} needs a host: run the application with encore-host, or replace the topic's publish in tests`,
  );
}
