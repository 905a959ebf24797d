import { api } from "encore.dev/api";
interface Nest<T> { value: T; next: Nest<T[]> | null }
type Grow<T> = { it: T; a: Grow<{ x: T }>; b?: Grow<[T]> };
interface Left<T> { right: Right<T | null, T> }
interface Right<A, B> { left: Left<{ a: A; b: B }> }
interface Fine<T> { value: T; next: Fine<T> | null }
interface Message {
  nest: Nest<string>;
  grow: Grow<number>;
  left: Left<boolean>;
  fine: Fine<Fine<Fine<string>>>;
  broken: () => void;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
