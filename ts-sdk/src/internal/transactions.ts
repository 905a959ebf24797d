/** Where a transaction says how messages are published within it; registered, so that it holds across two copies of the SDK in one bundle. */
export const publishWithin: unique symbol = Symbol.for("encore-host.publish-within") as never;

/** The place of a message among a transaction's statements. */
export interface TransactionPlace {
  /** The host's number for the transaction. */
  readonly session: number;
  /** Takes the next place: the host keeps to the order of places, and waits for one that is taken. */
  next(): number;
}
