import { isolateRuntime } from "../../internal/registry.js";
import { publishWithin, type TransactionPlace } from "../../internal/transactions.js";
import { QueryExecutor } from "./executor.js";
import { keptSession, operate, type Session } from "./session.js";

/** How much a transaction sees of others. */
export type IsolationLevel = "read committed" | "repeatable read" | "serializable";

/** How a transaction runs. */
export interface TransactionOptions {
  /** Default: the database's, which is "read committed" unless configured otherwise. */
  isolation?: IsolationLevel;
  /** Whether it may only read. */
  readOnly?: boolean;
  /** Whether a serializable one that only reads waits at its start until no conflict can end it. */
  deferrable?: boolean;
}

// A transaction that nobody can end any more must not hold its connection and its locks for ever.
const abandoned = new FinalizationRegistry<Session>((session) => void release(session));

/**
 * A transaction. It ends by {@link commit} or {@link rollback}; with `await using` it is rolled back wherever the block is left without one, and
 * it is rolled back when the request it belongs to is given up.
 *
 * ```ts
 * await using tx = await db.begin();
 * await tx.exec`UPDATE accounts SET balance = balance - ${amount} WHERE id = ${from}`;
 * await tx.exec`UPDATE accounts SET balance = balance + ${amount} WHERE id = ${to}`;
 * await tx.commit();
 * ```
 */
export class Transaction extends QueryExecutor implements AsyncDisposable {
  protected readonly session: Session;
  #done = false;
  #forget: (() => void) | undefined;

  /** @internal */
  constructor(session: Session) {
    super();
    this.session = session;
    abandoned.register(this, session, this);
    this.#followRequest();
  }

  /** Begins a transaction within this one: a savepoint, which a rollback returns to. */
  async begin(): Promise<Transaction> {
    return beginIn(this.session, {});
  }

  /** Makes all that was done last. @throws {SQLError} where it can't be, such as after a failed statement: nothing is kept then */
  async commit(): Promise<void> {
    this.#end("commit");
    await operate("sql.commit", [this.session.id, this.session.next()]);
  }

  /** Undoes all that was done. */
  async rollback(): Promise<void> {
    this.#end("rollback");
    await operate("sql.rollback", [this.session.id, this.session.next()]);
  }

  /** @internal */
  [publishWithin](): TransactionPlace {
    if (this.#done) throw new Error("can't publish: the transaction has ended already");
    return { session: this.session.id, next: () => this.session.next() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#done) await this.rollback();
  }

  #end(how: string): void {
    if (this.#done) throw new Error(`can't ${how}: the transaction has ended already`);
    this.#done = true;
    abandoned.unregister(this);
    this.#forget?.();
  }

  /** Rolls back when nobody waits for the request any more, even where its handler never gets to it. */
  #followRequest(): void {
    const signal = isolateRuntime()?.currentSignal();
    if (signal === undefined) return;
    const giveUp = (): void => {
      if (this.#done) return;
      this.#end("roll back");
      void release(this.session);
    };
    signal.addEventListener("abort", giveUp);
    this.#forget = () => {
      signal.removeEventListener("abort", giveUp);
    };
  }
}

/** Begins a transaction: on any connection, on one that is kept, or within another transaction. */
export async function beginIn(within: Session, options: TransactionOptions): Promise<Transaction> {
  const { isolation = null, readOnly = false, deferrable = false } = options;
  const payload = [within.database, within.id, within.next(), isolation, readOnly, deferrable];
  const { value } = await operate("sql.begin", payload, { endsWithCall: true });
  return new Transaction(keptSession(within.database, value as number, within.timeout));
}

/** Gives a connection back; what its transaction did is undone. */
export async function release(session: Session): Promise<void> {
  await operate("sql.release", [session.id, session.next()]).catch(() => undefined);
}
