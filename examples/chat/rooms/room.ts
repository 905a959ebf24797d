import type { Message, ToPage } from "./events.js";

/** Somebody's page, open in a room. */
export interface Member {
  readonly name: string;
  readonly stream: { send(event: ToPage): Promise<void>; close(): Promise<void> };
}

/** So many messages of a room are remembered. */
const remembered = 500;

/** A room: who is in it, and what was said. */
export class Room {
  readonly #members = new Set<Member>();
  #messages: Message[] = [];
  #said = 0;

  /** Each name once, however many pages its owner has open. */
  get people(): string[] {
    return [...new Set([...this.#members].map(({ name }) => name))].sort();
  }

  enter(member: Member): void {
    this.#members.add(member);
    this.#tellAll({ type: "people", people: this.people });
  }

  leave(member: Member): void {
    this.#members.delete(member);
    this.#tellAll({ type: "people", people: this.people });
  }

  say(from: string, text: string): void {
    const message = { id: ++this.#said, from, text, at: new Date() };
    this.#messages = [...this.#messages, message].slice(-remembered);
    this.#tellAll({ type: "message", message });
  }

  typing(from: string): void {
    this.#tellAll({ type: "typing", from });
  }

  /** The last messages before a certain one, the oldest first. */
  before(id: number, limit: number): Message[] {
    return this.#messages.filter((message) => message.id < id).slice(-limit);
  }

  /**
   * Nobody waits for anybody: what a page doesn't take at once is kept for it. `send` refuses when that is too much, or when the page is gone;
   * either way there is no use in it any more.
   */
  #tellAll(event: ToPage): void {
    for (const { stream } of this.#members) {
      stream.send(event).catch(() => stream.close().catch(() => undefined));
    }
  }
}
