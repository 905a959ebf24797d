// @ts-check
import { Client } from "./client.js";
import { Connection } from "./connection.js";
import { MessageList } from "./message-list.js";
import * as view from "./view.js";

/** @typedef {import("./client.js").rooms_ToPage} ToPage */

const client = new Client(location.origin);
const messages = new MessageList();
const name = sessionStorage.getItem("name") ?? (await view.askForName());
sessionStorage.setItem("name", name);

/** "I am typing" is said once in this time, and shown a little longer. */
const typingMilliseconds = 2_000;

/** The room in the address, so that it can be linked to. */
function roomInAddress() {
  const room = location.hash.slice(1);
  return /^[a-z0-9-]{1,30}$/.test(room) ? room : "lobby";
}

/** @param {string} room */
function enter(room) {
  messages.clear(name);
  view.showRoom(room);
  return new Connection(() => client.rooms.join(room, { name }), {
    entered: async () => {
      view.showOpen();
      messages.add((await client.rooms.history(room)).messages);
      view.showRooms((await client.rooms.list()).rooms);
    },
    received: show,
    refused: view.showRefusal,
    lost: view.showLost,
  });
}

/** @param {ToPage} event */
function show(event) {
  switch (event.type) {
    case "message":
      messages.add([event.message]);
      view.hideTyping();
      break;
    case "people":
      view.showPeople(event.people);
      break;
    case "typing":
      if (event.from !== name) view.showTyping(event.from, typingMilliseconds * 1.5);
      break;
  }
}

let connection = enter(roomInAddress());
addEventListener("hashchange", () => {
  connection.leave();
  connection = enter(roomInAddress());
});

let typedAt = -Infinity;
view.onTyping(() => {
  if (performance.now() - typedAt < typingMilliseconds) return;
  typedAt = performance.now();
  connection.send({ type: "typing" });
});
view.onSay((text) => {
  typedAt = -Infinity;
  return connection.send({ type: "say", text });
});

messages.onEarlier(async (before) => (await client.rooms.history(roomInAddress(), { before })).messages);
