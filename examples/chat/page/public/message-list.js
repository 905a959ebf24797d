// @ts-check
import { element } from "./elements.js";

/** @typedef {import("./client.js").rooms_Message} Message */

const times = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** The messages of a room in their order. Those that come twice, by the stream and as history, are shown once. */
export class MessageList {
  #list = element("messages", HTMLOListElement);
  #earlier = element("earlier", HTMLButtonElement);
  #me = "";

  /** @type {Message[]} in the order of their ids, as the list's items are */
  #messages = [];

  /** @param {string} me whose own messages stand out */
  clear(me) {
    this.#me = me;
    this.#messages = [];
    this.#list.replaceChildren();
    this.#earlier.hidden = true;
  }

  /** @param {readonly Message[]} messages */
  add(messages) {
    const wasAtEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    for (const message of messages) this.#insert(message);
    this.#earlier.hidden = (this.#messages[0]?.id ?? 1) === 1;
    if (wasAtEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {(before: number) => Promise<Message[]>} load */
  onEarlier(load) {
    this.#earlier.addEventListener("click", () => void this.#addEarlier(load));
  }

  /** @param {(before: number) => Promise<Message[]>} load */
  async #addEarlier(load) {
    const found = await load(this.#messages[0]?.id ?? 1);
    const fromEnd = this.#list.scrollHeight - this.#list.scrollTop;
    this.add(found);
    this.#earlier.hidden ||= found.length === 0;
    this.#list.scrollTop = this.#list.scrollHeight - fromEnd;
  }

  /** @param {Message} message */
  #insert(message) {
    const behind = this.#messages.findLastIndex(({ id }) => id <= message.id);
    if (this.#messages[behind]?.id === message.id) return;
    this.#messages.splice(behind + 1, 0, message);
    this.#list.insertBefore(this.#itemOf(message), this.#list.children[behind + 1] ?? null);
  }

  /** @param {Message} message */
  #itemOf({ from, text, at }) {
    const item = document.createElement("li");
    item.classList.toggle("mine", from === this.#me);
    const head = document.createElement("p");
    const author = document.createElement("strong");
    author.textContent = from;
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = times.format(new Date(at));
    head.append(author, " ", time);
    const body = document.createElement("p");
    body.textContent = text;
    item.append(head, body);
    return item;
  }
}
