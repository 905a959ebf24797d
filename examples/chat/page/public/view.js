// @ts-check
import { element } from "./elements.js";

const say = element("say", HTMLFormElement);
const text = element("text", HTMLTextAreaElement);
const status = element("status", HTMLParagraphElement);
const notice = element("notice", HTMLParagraphElement);
const typing = element("typing", HTMLParagraphElement);
const otherRoom = element("other-room", HTMLInputElement);

/** @type {number | undefined} */
let typingEnd;

/** Asks who the visitor is, until there is an answer. */
export async function askForName() {
  const dialog = element("welcome", HTMLDialogElement);
  const name = element("name", HTMLInputElement);
  dialog.showModal();
  while (!name.checkValidity()) {
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (!name.checkValidity()) dialog.showModal();
  }
  return name.value;
}

/** @param {string} room */
export function showRoom(room) {
  document.title = `#${room}`;
  element("room", HTMLSpanElement).textContent = room;
  element("people", HTMLUListElement).replaceChildren();
  notice.hidden = true;
  status.textContent = "Connecting …";
  hideTyping();
  text.focus();
}

export function showOpen() {
  document.body.classList.remove("lost");
  status.textContent = "Connected";
}

/** @param {number} seconds after which it is tried again */
export function showLost(seconds) {
  document.body.classList.add("lost");
  element("people", HTMLUListElement).replaceChildren();
  status.textContent = `Connection lost. Trying again in ${seconds} s …`;
}

/**
 * @param {number} code
 * @param {string} reason
 */
export function showRefusal(code, reason) {
  notice.textContent = `The server closed the stream (${code}): ${reason}`;
  notice.hidden = false;
}

/** @param {readonly { name: string, people: readonly string[] }[]} rooms */
export function showRooms(rooms) {
  const here = element("room", HTMLSpanElement).textContent;
  element("rooms", HTMLUListElement).replaceChildren(
    ...rooms.map(({ name, people }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${name}`;
      link.textContent = `#${name}`;
      if (name === here) link.setAttribute("aria-current", "page");
      item.append(link, countOf(people.length));
      return item;
    }),
  );
}

/** @param {number} people */
function countOf(people) {
  const count = document.createElement("span");
  count.className = "count";
  if (people > 0) count.append(String(people), hidden(" here"));
  return count;
}

/** For those who don't see what a number stands beside. @param {string} text */
function hidden(text) {
  const element = document.createElement("span");
  element.className = "for-readers";
  element.textContent = text;
  return element;
}

/** @param {readonly string[]} people */
export function showPeople(people) {
  document.querySelector("[aria-current] + .count")?.replaceWith(countOf(people.length));
  element("people", HTMLUListElement).replaceChildren(
    ...people.map((name) => {
      const item = document.createElement("li");
      item.textContent = name;
      return item;
    }),
  );
}

/**
 * @param {string} name
 * @param {number} milliseconds
 */
export function showTyping(name, milliseconds) {
  typing.textContent = `${name} is typing …`;
  clearTimeout(typingEnd);
  typingEnd = setTimeout(hideTyping, milliseconds);
}

export function hideTyping() {
  typing.textContent = "";
}

/** @param {(text: string) => boolean} send false where that isn't possible now: the text stays */
export function onSay(send) {
  say.addEventListener("submit", (event) => {
    event.preventDefault();
    notice.hidden = true;
    if (send(text.value)) say.reset();
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    // While a text is composed of several keys, Enter belongs to that.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say.requestSubmit();
  });
}

/** @param {() => void} told */
export function onTyping(told) {
  text.addEventListener("input", told);
}

element("open-room", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = otherRoom.value;
  otherRoom.value = "";
});
