import { api, APIError, type Query } from "encore.dev/api";
import type { Max, Min } from "encore.dev/validate";
import type { FromPage, Message, PersonName, RoomName, ToPage } from "./events.js";
import { Room } from "./room.js";

/** Rooms in memory: gone when the program ends, so that the example needs no database. */
const rooms = new Map<string, Room>(["lobby", "music", "help"].map((name) => [name, new Room()]));
const mostRooms = 1_000;

interface Listed {
  name: string;
  people: string[];
}

/**
 * All rooms, and who is in them:
 *
 *     curl http://127.0.0.1:4000/rooms
 */
export const list = api({ method: "GET", path: "/rooms", expose: true }, async (): Promise<{ rooms: Listed[] }> => ({
  rooms: [...rooms].map(([name, { people }]) => ({ name, people })),
}));

interface HistoryRequest {
  room: RoomName;
  /** The id of the oldest message that is known already. */
  before?: number;
  limit?: Query<number> & (Min<1> & Max<100>);
}

/**
 * What was said in a room, the oldest first:
 *
 *     curl 'http://127.0.0.1:4000/rooms/lobby/messages?limit=10'
 */
export const history = api(
  { method: "GET", path: "/rooms/:room/messages", expose: true },
  async ({ room, before = Infinity, limit = 50 }: HistoryRequest): Promise<{ messages: Message[] }> => {
    const found = rooms.get(room);
    if (found === undefined) throw APIError.notFound("no such room").withDetails({ room });
    return { messages: found.before(before, limit) };
  },
);

interface Handshake {
  room: RoomName;
  name: PersonName;
}

/** Enters a room, which is made if there is none of that name, and stays in it while the stream is open. */
export const join = api.streamInOut<Handshake, FromPage, ToPage>(
  { path: "/rooms/:room", expose: true },
  async ({ room: roomName, name }, stream) => {
    const room = rooms.get(roomName) ?? open(roomName);
    const member = { name, stream };
    room.enter(member);
    try {
      for await (const said of stream) {
        if (said.type === "say") room.say(name, said.text);
        else room.typing(name);
      }
    } finally {
      room.leave(member);
    }
  },
);

function open(name: string): Room {
  if (rooms.size >= mostRooms) throw APIError.resourceExhausted("there are too many rooms");
  const room = new Room();
  rooms.set(name, room);
  return room;
}
