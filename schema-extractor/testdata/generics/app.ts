import { api } from "encore.dev/api";
interface Page<T> { items: T[]; next: string | null; extra?: T }
type Box<T, U = number> = { value: T; or: T | U | null };
interface Post { id: number; title: string }
interface Message {
  posts: Page<Post>;
  names: Page<string>;
  again: Page<Post>;
  box: Box<string>;
  boxes: Box<Post, Date>[];
  union: Page<"b" | "a">;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
