import type { Transaction } from "../storage/sqldb/index.js";

/** Marks what {@link Topic.ref} can give. */
export declare const topicPermission: unique symbol;

/** What code may do with a topic. */
export interface TopicPerms {
  /** @internal */
  readonly [topicPermission]: true;
}

/** How a message is published. */
export interface PublishOptions {
  /** Publishes the message if this transaction commits, and only then; the message waits in the transaction's database for it. */
  transaction?: Transaction;
  /** When the message is delivered at the earliest; left out or past: at once. */
  deliverAt?: Date;
}

/** The right to publish to a topic. */
export interface Publisher<Msg extends object> extends TopicPerms {
  /** See {@link Topic.publish}. */
  publish(msg: Msg, options?: PublishOptions): Promise<string>;
}
