import { AnswerStatus } from "./layout.js";
import { StreamCore, type StreamPort } from "./stream-core.js";

/** The streams that run, by the slots of their calls. */
export class StreamTable {
  readonly #streams = new Map<number, StreamCore>();
  readonly #port: StreamPort;

  /** @param answer writes an entry of the turn's flush */
  constructor(answer: (slot: number, status: number, text: string) => void) {
    this.#port = {
      open: (slot) => answer(slot, AnswerStatus.opened, ""),
      message: (slot, text) => answer(slot, AnswerStatus.message, text),
      grant: (slot, count) => answer(slot, AnswerStatus.grant | (count << 8), ""),
      close: (slot) => answer(slot, AnswerStatus.close, ""),
      ended: (slot) => void this.#streams.delete(slot),
    };
  }

  /** Makes the stream of a call. */
  create(slot: number, revive: (value: unknown) => unknown, lower: (value: unknown) => unknown): StreamCore {
    const stream = new StreamCore(this.#port, slot, revive, lower);
    this.#streams.set(slot, stream);
    return stream;
  }

  /** The client sent a message. @param asksForRoom whether to grant room as soon as it is taken */
  message(slot: number, value: unknown, asksForRoom: boolean): void {
    this.#streams.get(slot)?.receive(value, asksForRoom);
  }

  /** The client sends nothing more. @param isGone whether it can't be sent anything either */
  inputEnded(slot: number, isGone: boolean): void {
    this.#streams.get(slot)?.inputEnded(isGone);
  }

  /** Messages are written. */
  credit(slot: number, messages: number, units: number): void {
    this.#streams.get(slot)?.credit(messages, units);
  }

  /** Nobody waits for the call in a slot any more. */
  cancel(slot: number): void {
    this.#streams.get(slot)?.inputEnded(true);
  }
}
