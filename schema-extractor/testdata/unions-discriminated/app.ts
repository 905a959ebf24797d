import { api } from "encore.dev/api";
interface Created { type: "created"; id: number }
interface Deleted { type: "deleted"; id: number; reason?: string }
interface Renamed { type: "renamed" | "retitled"; name: string }
type Event = Created | Deleted | Renamed;
type Result<T> = { ok: true; value: T } | { ok: false; error: string };
enum Kind { A, B }
interface Message {
  event: Event;
  result: Result<Event[]>;
  nested: { v: 1; inner: { k: "x"; x: number } | { k: "y"; y: number } } | { v: 2 };
  byEnum: { kind: Kind.A; a: string } | { kind: Kind.B; b: string };
  byNull: { error: null; data: string } | { error: string; data: null };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
