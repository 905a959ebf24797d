import { api } from "encore.dev/api";
interface Named { name: string }
interface Aged { age: number; name: string }
type Person = Named & Aged & { email?: string };
type UserId = string & { readonly __brand: "UserId" };
interface Message {
  person: Person;
  either: Named & (Aged | { nick: string });
  id: UserId;
  loose: "a" | "b" | (string & {});
  mixed: Pick<Aged, "age"> & { list: Person[] };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
