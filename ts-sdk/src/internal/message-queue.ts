interface Receiver {
  resolve(result: IteratorResult<unknown, undefined>): void;
  reject(error: unknown): void;
}

// As many as may be on their way to a client, and as many as may wait for a sender that doesn't await `send`.
const capacity = 64;
const maxWaiting = 4096;

const done = { done: true, value: undefined } as const;
const sent = Promise.resolve();

/** One direction of a stream between two services: bounded, so that the quicker side waits. */
export class MessageQueue {
  readonly #messages: unknown[] = [];
  readonly #receivers: Receiver[] = [];
  readonly #senders: (() => void)[] = [];
  #end: { error?: unknown } | undefined;

  /** Whether all that was added is received. */
  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** Whether somebody waits for a message. */
  get isAwaited(): boolean {
    return this.#receivers.length > 0;
  }

  /** Adds a message. @returns settles once there is room for another */
  push(message: unknown): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(new Error("the stream is closed"));
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) {
      receiver.resolve({ done: false, value: message });
      return sent;
    }
    if (this.#senders.length >= maxWaiting) {
      return Promise.reject(new Error("messages are taken more slowly than they are sent: await send()"));
    }
    this.#messages.push(message);
    return this.#messages.length < capacity ? sent : new Promise((resolve) => this.#senders.push(resolve));
  }

  /** The next message, or that there is none; rejects at the end of a stream that ended badly. */
  next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#messages.length > 0) {
      const value = this.#messages.shift();
      this.#senders.shift()?.();
      return Promise.resolve({ done: false, value });
    }
    if (this.#end === undefined) return new Promise((resolve, reject) => this.#receivers.push({ resolve, reject }));
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the other side threw
    return "error" in this.#end ? Promise.reject(this.#end.error) : Promise.resolve(done);
  }

  /** Nothing more is added; what waits is still received. */
  end(failure: { error?: unknown } = {}): void {
    if (this.#end !== undefined) return;
    this.#end = failure;
    for (const receiver of this.#receivers.splice(0)) {
      if ("error" in failure) receiver.reject(failure.error);
      else receiver.resolve(done);
    }
    for (const sender of this.#senders.splice(0)) sender();
  }

  /** Nobody receives any more. */
  abandon(): void {
    this.#messages.length = 0;
    this.end();
  }
}
