import { MessageQueue } from "./message-queue.js";
import type { CallerEnd, StreamEnd } from "./stream-classes.js";

/** What messages go through on their way: they are checked and copied, so that neither side sees the other's objects. */
export interface MessageChecks {
  /** Of what the caller sends. @throws an `APIError` that says what is wrong with it */
  incoming(message: unknown): unknown;
  /** Of what the handler sends. */
  outgoing(message: unknown): unknown;
}

/** A stream between two services that share the isolate: the handler has one end of it, the caller the other. */
export class LocalStream {
  /** What the handler receives from and sends to. */
  readonly handlerEnd: StreamEnd & { open(): void };
  /** The same for the caller. */
  readonly callerEnd: CallerEnd;
  /** Settles once the handler begins, or will never. */
  readonly opened: Promise<void>;
  readonly #toHandler = new MessageQueue();
  readonly #toCaller = new MessageQueue();
  readonly #answer: Promise<unknown>;
  #open: () => void = () => undefined;
  #refuse: (error: unknown) => void = () => undefined;
  #settle: { resolve(value: unknown): void; reject(error: unknown): void } | undefined;

  constructor(checks: MessageChecks) {
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#refuse = reject;
    });
    this.#answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Who never asks for the answer needn't hear that there is none.
    this.#answer.catch(() => undefined);
    this.handlerEnd = {
      ...this.#end(this.#toHandler, this.#toCaller, checks.outgoing),
      open: () => {
        this.#open();
      },
    };
    this.callerEnd = {
      ...this.#end(this.#toCaller, this.#toHandler, checks.incoming),
      leave: () => {
        this.disconnect();
      },
      response: () => this.#answer,
    };
  }

  /** The handler has returned. */
  finish(answer: unknown): void {
    this.#open();
    this.#settle?.resolve(answer);
    this.#close();
  }

  /** The handler, or what decides whether it runs, has thrown. */
  fail(error: unknown): void {
    this.#refuse(error);
    this.#settle?.reject(error);
    this.#toCaller.end({ error });
    this.#close();
  }

  /** The caller is gone: the handler receives no more, and nobody hears it. */
  disconnect(): void {
    this.#toCaller.abandon();
    this.#close();
  }

  #close(): void {
    this.#toHandler.end();
    this.#toCaller.end();
  }

  #end(from: MessageQueue, to: MessageQueue, check: (message: unknown) => unknown): StreamEnd {
    return {
      next: () => from.next(),
      receiveNext: async () => {
        const result = await from.next();
        if (result.done === true) throw new Error("the stream has ended: there are no more messages");
        return result.value;
      },
      send: async (message) => {
        await to.push(check(message));
      },
      close: () => {
        this.#close();
        return Promise.resolve();
      },
    };
  }
}
