import type { StreamCore } from "./stream-core.js";

/** What handlers get to receive messages from. */
export class StreamIn {
  readonly #core: StreamCore;

  constructor(core: StreamCore) {
    this.#core = core;
  }

  /** The next message. @returns rejects once there are no more */
  recv(): Promise<unknown> {
    return this.#core.receiveNext();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return messages(this.#core);
  }
}

/** What handlers get to send messages to. */
export class StreamOut {
  readonly #core: StreamCore;

  constructor(core: StreamCore) {
    this.#core = core;
  }

  /** Sends a message. @returns settles once there is room for another; rejects once nobody receives them */
  send(message: unknown): Promise<void> {
    return this.#core.send(message);
  }

  /** Closes the stream once everything is sent. */
  close(): Promise<void> {
    return this.#core.close();
  }
}

/** Both of them. */
export class StreamInOut {
  readonly #core: StreamCore;

  constructor(core: StreamCore) {
    this.#core = core;
  }

  recv(): Promise<unknown> {
    return this.#core.receiveNext();
  }

  send(message: unknown): Promise<void> {
    return this.#core.send(message);
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined> {
    return messages(this.#core);
  }
}

function messages(core: StreamCore): AsyncIterator<unknown, undefined> {
  return {
    next: () => core.next(),
    // Whoever leaves a loop may go on receiving in another.
    return: () => Promise.resolve({ done: true, value: undefined }),
  };
}

/** The object that a handler of a kind gets. */
export function streamObject(kind: string, core: StreamCore): object {
  switch (kind) {
    case "streamIn":
      return new StreamIn(core);
    case "streamOut":
      return new StreamOut(core);
    default:
      return new StreamInOut(core);
  }
}
