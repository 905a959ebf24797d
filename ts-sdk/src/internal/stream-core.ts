import type { StreamEnd } from "./stream-classes.js";

/** What a stream tells the host. */
export interface StreamPort {
  open(slot: number): void;
  message(slot: number, text: string): void;
  grant(slot: number, count: number): void;
  close(slot: number): void;
  ended(slot: number): void;
}

interface Receiver {
  resolve(result: IteratorResult<unknown, undefined>): void;
}

interface WaitingMessage {
  text: string;
  resolve(): void;
  reject(error: Error): void;
}

// What may be on its way to the client; `StreamOptions` of the host credits what it has written well before that.
const windowMessages = 64;
const windowUnits = 256 * 1024;
// What may wait in here for a handler that doesn't wait for `send`.
const maxWaiting = 4096;
const maxWaitingUnits = 16 * 1024 * 1024;

const done = { done: true, value: undefined } as const;
const sent = Promise.resolve();

/** One stream, with all that the classes which handlers see show parts of. */
export class StreamCore implements StreamEnd {
  readonly #port: StreamPort;
  readonly #slot: number;
  readonly #revive: (value: unknown) => unknown;
  readonly #lower: (value: unknown) => unknown;
  // Messages that the handler hasn't taken; the first `#taken` of the array are gone.
  readonly #received: { value: unknown; asksForRoom: boolean }[] = [];
  #first = 0;
  #ungranted = 0;
  readonly #receivers: Receiver[] = [];
  readonly #waiting: WaitingMessage[] = [];
  #waitingUnits = 0;
  #messagesOut = 0;
  #unitsOut = 0;
  #isOpen = false;
  #inputHasEnded = false;
  #clientIsGone = false;
  #isClosed = false;
  #hasEnded = false;

  constructor(port: StreamPort, slot: number, revive: (value: unknown) => unknown, lower: (value: unknown) => unknown) {
    this.#port = port;
    this.#slot = slot;
    this.#revive = revive;
    this.#lower = lower;
  }

  /** Has the host open the stream, unless it has. */
  open(): void {
    if (this.#isOpen || this.#hasEnded) return;
    this.#isOpen = true;
    this.#port.open(this.#slot);
  }

  /** The next message, or that there is none. */
  next(): Promise<IteratorResult<unknown, undefined>> {
    this.open();
    if (this.#first < this.#received.length) {
      try {
        return Promise.resolve({ done: false, value: this.#take() });
      } catch (error) {
        return Promise.reject(asError(error));
      }
    }
    if (this.#inputHasEnded || this.#hasEnded) return Promise.resolve(done);
    return new Promise((resolve) => this.#receivers.push({ resolve }));
  }

  /** The next message. @returns rejects where there is none */
  async receiveNext(): Promise<unknown> {
    const result = await this.next();
    if (result.done === true) throw new Error("the stream has ended: there are no more messages");
    return result.value;
  }

  /** Sends a message; settles once there is room for another. */
  send(message: unknown): Promise<void> {
    if (this.#isClosed || this.#hasEnded) return Promise.reject(new Error("the stream is closed"));
    if (this.#clientIsGone) return Promise.reject(clientLeft());
    let text: string | undefined;
    try {
      text = JSON.stringify(this.#lower(message));
    } catch (error) {
      return Promise.reject(asError(error));
    }
    if (text === undefined) return Promise.reject(new TypeError(`a message can't be ${typeof message}`));
    this.open();
    return this.#waiting.length === 0 && this.#hasRoom() ? this.#hand(text) : this.#wait(text);
  }

  /** Closes the stream once everything is sent. */
  close(): Promise<void> {
    if (this.#isClosed || this.#hasEnded) return sent;
    this.#isClosed = true;
    this.#endInput();
    if (this.#waiting.length > 0) {
      return new Promise((resolve) => this.#waiting.push({ text: "", resolve, reject: () => resolve() }));
    }
    this.#close();
    return sent;
  }

  receive(value: unknown, asksForRoom: boolean): void {
    if (this.#inputHasEnded) return;
    this.#received.push({ value, asksForRoom });
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) receiver.resolve({ done: false, value: this.#take() });
  }

  inputEnded(isGone: boolean): void {
    this.#clientIsGone ||= isGone;
    this.#endInput();
    if (!isGone) return;
    for (const message of this.#waiting.splice(0)) message.reject(clientLeft());
    this.#waitingUnits = 0;
  }

  credit(messages: number, units: number): void {
    this.#messagesOut -= messages;
    this.#unitsOut -= units;
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const message = this.#waiting.shift()!;
      this.#waitingUnits -= message.text.length;
      if (message.text === "") this.#close();
      else void this.#hand(message.text);
      message.resolve();
    }
  }

  /** The handler has returned: what it sent last goes before its answer, whether there is room or not. */
  end(): void {
    if (this.#hasEnded) return;
    for (const message of this.#waiting.splice(0)) {
      if (message.text !== "") void this.#hand(message.text);
      message.resolve();
    }
    this.#hasEnded = true;
    this.#endInput();
    this.#port.ended(this.#slot);
  }

  #take(): unknown {
    const { value, asksForRoom } = this.#received[this.#first]!;
    this.#received[this.#first++] = undefined as never;
    if (this.#first === this.#received.length) {
      this.#received.length = 0;
      this.#first = 0;
    }
    this.#ungranted++;
    if (asksForRoom) {
      this.#port.grant(this.#slot, this.#ungranted);
      this.#ungranted = 0;
    }
    return this.#revive(value);
  }

  #endInput(): void {
    this.#inputHasEnded = true;
    for (const receiver of this.#receivers.splice(0)) receiver.resolve(done);
  }

  #hasRoom(): boolean {
    return this.#messagesOut < windowMessages && this.#unitsOut < windowUnits;
  }

  #hand(text: string): Promise<void> {
    this.#messagesOut++;
    this.#unitsOut += text.length;
    this.#port.message(this.#slot, text);
    return sent;
  }

  #close(): void {
    this.#port.close(this.#slot);
  }

  #wait(text: string): Promise<void> {
    if (this.#waiting.length >= maxWaiting || this.#waitingUnits >= maxWaitingUnits) {
      return Promise.reject(new Error("the client takes messages more slowly than they are sent: await send()"));
    }
    this.#waitingUnits += text.length;
    return new Promise((resolve, reject) => this.#waiting.push({ text, resolve, reject }));
  }
}

function clientLeft(): Error {
  return new Error("the stream is closed: the client has left");
}

/** Errors of an application's getters and `toJSON` reach whoever sends, whatever they are. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
