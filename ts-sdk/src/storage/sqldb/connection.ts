import { QueryExecutor } from "./executor.js";
import { operate, type Session } from "./session.js";
import { beginIn, release, type Transaction, type TransactionOptions } from "./transaction.js";

const abandoned = new FinalizationRegistry<Session>((session) => void release(session));

/** A connection of one's own, for what belongs to a connection: settings, advisory locks, temporary tables. */
export class Connection extends QueryExecutor implements AsyncDisposable {
  protected readonly session: Session;
  #closed = false;

  /** @internal */
  constructor(session: Session) {
    super();
    this.session = session;
    abandoned.register(this, session, this);
  }

  /** Begins a transaction on this connection. */
  async begin(options: TransactionOptions = {}): Promise<Transaction> {
    return beginIn(this.session, options);
  }

  /** Gives the connection back. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    abandoned.unregister(this);
    await operate("sql.release", [this.session.id, this.session.next()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
