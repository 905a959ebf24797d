import { MessageQueue } from "./message-queue.js";
import { remoteError, type RemoteError } from "./remote-calls.js";
import type { CallerEnd } from "./stream-classes.js";

/** The host's side of a stream that another host serves. */
export interface RemotePort {
  /**
   * Sends messages.
   * @param areLast whether there are no more
   * @param leaves whether the caller is through with the stream then
   * @returns settles once they are on their way
   */
  send(messages: readonly string[], areLast: boolean, leaves: boolean): Promise<unknown>;
  /** What has come since it was last asked; waits for something. */
  receive(): Promise<RemoteInput>;
  /** The caller receives no more. @param isAll whether it sends no more either; else its last messages say so, or it takes too long */
  leave(isAll: boolean): void;
}

/** What came of a stream. */
export interface RemoteInput {
  messages: unknown[];
  /** How it ended: well, with an answer or without, or by an error; `lost` where that is of the connection. */
  end?: { value?: unknown; error?: RemoteError; lost?: boolean };
}

/** What values go through on their way. */
export interface RemoteValues {
  /** A message of the caller's as JSON. @throws what the caller gets where it can't be sent */
  write(message: unknown): string;
  /** A message of the handler's. */
  read(message: unknown): unknown;
  /** The handler's answer. */
  readAnswer(value: unknown): unknown;
  /** What the caller gets of an error. */
  asError(error: unknown): unknown;
}

interface Sender {
  resolve(): void;
  reject(error: unknown): void;
}

// What may wait in here to be sent, as of a stream within the isolate, before `send` waits; and for a caller that doesn't wait for it.
const windowMessages = 64;
const windowUnits = 256 * 1024;
const maxWaiting = 4096;
const maxWaitingUnits = 16 * 1024 * 1024;

const sent = Promise.resolve();

/**
 * The caller's side of a stream that another host serves. It behaves as one within the isolate does, with one more way to end: the
 * connection may be lost.
 */
export class RemoteStream {
  readonly #port: RemotePort;
  readonly #values: RemoteValues;
  readonly #ended: () => void;
  readonly #received = new MessageQueue();
  readonly #answer: Promise<unknown>;
  // Weak, so that it shows when the caller has let go of the stream: whoever waits for something is held by that.
  readonly #callerEnd: WeakRef<CallerEnd>;
  readonly #senders: Sender[] = [];
  #settle: { resolve(value: unknown): void; reject(error: unknown): void } | undefined;
  #answerIsAwaited = false;
  #unsent: string[] = [];
  #unsentUnits = 0;
  #isSending = false;
  #taken: (() => void) | undefined;
  #isClosed = false;
  #isLeaving = false;
  #hasEnded = false;
  #loss: unknown;

  private constructor(port: RemotePort, values: RemoteValues, ended: () => void, end: CallerEnd) {
    this.#port = port;
    this.#values = values;
    this.#ended = ended;
    this.#callerEnd = new WeakRef(end);
    this.#answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Who never asks for the answer needn't hear that there is none.
    this.#answer.catch(() => undefined);
  }

  /**
   * Begins with a stream that the host has opened.
   * @param ended is called once it has ended
   */
  static begin(
    port: RemotePort,
    values: RemoteValues,
    ended: (stream: RemoteStream) => void,
  ): { stream: RemoteStream; end: CallerEnd } {
    const end: CallerEnd = {
      next: () => stream.#next(),
      receiveNext: async () => {
        const result = await stream.#next();
        if (result.done === true) throw new Error("the stream has ended: there are no more messages");
        return result.value;
      },
      send: (message) => stream.#send(message),
      close: () => stream.#close(),
      leave: () => {
        stream.leave(new Error("the stream was left"), true);
      },
      response: () => {
        stream.#answerIsAwaited = true;
        return stream.#answer;
      },
    };
    const stream = new RemoteStream(
      port,
      values,
      () => {
        ended(stream);
      },
      end,
    );
    void stream.#receive();
    return { stream, end };
  }

  /** Whether nobody can use the stream any more, and it isn't on its way to an end by itself. */
  get isAbandoned(): boolean {
    return (
      !this.#hasEnded &&
      !this.#isClosed &&
      !this.#isSending &&
      !this.#answerIsAwaited &&
      !this.#received.isAwaited &&
      this.#callerEnd.deref() === undefined
    );
  }

  /**
   * The caller is gone, or through with it.
   * @param reason what whoever waits for the answer gets in its place
   * @param sendsRest whether what it has sent still goes to the handler
   */
  leave(reason: unknown, sendsRest = false): void {
    if (this.#hasEnded) return;
    this.#isLeaving = sendsRest && this.#isSending;
    this.#port.leave(!this.#isLeaving);
    this.#received.abandon();
    this.#settle?.reject(reason);
    this.#end();
  }

  async #receive(): Promise<void> {
    try {
      for (;;) {
        const { messages, end } = await this.#port.receive();
        if (this.#hasEnded) return;
        for (const message of messages) this.#take(message);
        if (end !== undefined) {
          this.#finish(end);
          return;
        }
        if (!this.#received.isEmpty && !this.#isClosed) await new Promise<void>((resolve) => (this.#taken = resolve));
        if (this.#endedMeanwhile()) return;
      }
    } catch (error) {
      if (!this.#hasEnded) this.#port.leave(true);
      this.#fail(error);
    }
  }

  #endedMeanwhile(): boolean {
    return this.#hasEnded;
  }

  #take(message: unknown): void {
    // What comes after the caller has closed the stream, nobody can receive.
    if (!this.#isClosed) void this.#received.push(this.#values.read(message));
  }

  #finish({ value, error, lost = false }: NonNullable<RemoteInput["end"]>): void {
    if (error !== undefined) {
      this.#fail(remoteError(error), lost);
      return;
    }
    this.#settle?.resolve(this.#values.readAnswer(value));
    this.#received.end();
    this.#end();
  }

  #fail(error: unknown, lost = false): void {
    if (this.#hasEnded) return;
    const told = this.#values.asError(error);
    if (lost) this.#loss = told;
    this.#settle?.reject(told);
    this.#received.end({ error: told });
    this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    if (!this.#isLeaving) this.#unsent = [];
    this.#taken?.();
    for (const { resolve, reject } of this.#senders.splice(0)) {
      if (this.#loss === undefined) resolve();
      else reject(this.#loss);
    }
    this.#ended();
  }

  #next(): Promise<IteratorResult<unknown, undefined>> {
    const next = this.#received.next();
    if (this.#received.isEmpty) this.#taken?.();
    return next;
  }

  #send(message: unknown): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what became of an error on its way to the caller
    if (this.#loss !== undefined) return Promise.reject(this.#loss);
    if (this.#isClosed || this.#hasEnded) return Promise.reject(new Error("the stream is closed"));
    if (this.#unsent.length >= maxWaiting || this.#unsentUnits >= maxWaitingUnits) {
      return Promise.reject(new Error("messages are taken more slowly than they are sent: await send()"));
    }
    try {
      const text = this.#values.write(message);
      this.#unsent.push(text);
      this.#unsentUnits += text.length;
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever an application's getters and `toJSON` throw
      return Promise.reject(error);
    }
    if (!this.#isSending) void this.#sendAll();
    return this.#unsent.length < windowMessages && this.#unsentUnits < windowUnits
      ? sent
      : new Promise((resolve, reject) => this.#senders.push({ resolve, reject }));
  }

  #close(): Promise<void> {
    if (this.#isClosed || this.#hasEnded) return sent;
    this.#isClosed = true;
    this.#received.end();
    this.#taken?.();
    if (!this.#isSending) void this.#sendAll();
    return sent;
  }

  /** Hands over what waits, and while that is on its way gathers what comes next. */
  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let isOver = false; !isOver && this.#hasToSend();) {
      const messages = this.#unsent;
      const [areLast, leaves] = [this.#isClosed, this.#isLeaving];
      isOver = areLast || leaves;
      this.#unsent = [];
      this.#unsentUnits = 0;
      for (const { resolve } of this.#senders.splice(0)) resolve();
      // Whatever hinders the host from sending ends the stream, and is heard of there.
      await this.#port.send(messages, areLast, leaves).catch(() => undefined);
    }
    this.#isSending = false;
  }

  #hasToSend(): boolean {
    return this.#isLeaving || (!this.#hasEnded && (this.#isClosed || this.#unsent.length > 0));
  }
}
