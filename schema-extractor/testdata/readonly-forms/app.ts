import { api } from "encore.dev/api";
interface Frozen { readonly id: number; readonly tags: readonly string[]; readonly nested: { readonly on: boolean } }
interface Message {
  list: readonly string[];
  array: ReadonlyArray<Frozen>;
  object: Readonly<{ a: number }>;
  tuple: readonly [string, number?];
  set: ReadonlySet<string>;
  map: ReadonlyMap<string, readonly number[]>;
  deep: Readonly<Record<string, Readonly<Frozen>>>;
  mapped: Readonly<[string, number]>;
  union: readonly ("b" | "a")[];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
