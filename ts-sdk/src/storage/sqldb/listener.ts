import { operate } from "./session.js";

/** What `NOTIFY` sent. */
export interface Notification {
  channel: string;
  /** "" where it sent none. */
  payload: string;
  /** The number of the server process whose session sent it. */
  processId: number;
}

type Crossed = readonly [channel: string, payload: string, processId: number] | null;

const abandoned = new FinalizationRegistry<Promise<number>>((listener) => void unlisten(listener));

/**
 * Notifications of one channel, in the order in which they came.
 *
 * A lost connection is made anew; what was sent meanwhile is lost, which `null` in place of a notification says: time to look at the tables.
 */
export class NotificationListener implements AsyncIterableIterator<Notification | null>, AsyncDisposable {
  readonly #listener: Promise<number>;
  #received: Crossed[] = [];
  #at = 0;
  #closed = false;

  /** @internal */
  constructor(database: string, channel: string) {
    this.#listener = operate("sql.listen", [database, channel]).then(({ value }) => value as number);
    // Whoever waits for a notification learns of it.
    this.#listener.catch(() => undefined);
    abandoned.register(this, this.#listener, this);
  }

  /** Resolves once the server sends notifications. */
  async ready(): Promise<void> {
    await this.#listener;
  }

  async next(): Promise<IteratorResult<Notification | null>> {
    while (this.#at === this.#received.length) {
      if (!(await this.#receive())) return { done: true, value: undefined };
    }
    const crossed = this.#received[this.#at++] ?? null;
    if (crossed === null) return { done: false, value: null };
    const [channel, payload, processId] = crossed;
    return { done: false, value: { channel, payload, processId } };
  }

  /** Ends it; whoever waits for a notification is told that there are no more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    abandoned.unregister(this);
    await unlisten(this.#listener);
  }

  /** Waits for more. @returns whether there can be any */
  async #receive(): Promise<boolean> {
    if (this.#isClosed()) return false;
    try {
      this.#received = (await operate("sql.next", [await this.#listener])).value as Crossed[];
      this.#at = 0;
      return true;
    } catch (error) {
      if (this.#isClosed()) return false;
      throw error;
    }
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  async return(): Promise<IteratorResult<Notification | null>> {
    await this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function unlisten(listener: Promise<number>): Promise<void> {
  try {
    await operate("sql.unlisten", [await listener]);
  } catch {
    // It never listened, or its connection is gone: either way it doesn't any more.
  }
}
