import { api } from "encore.dev/api";
declare const brand: unique symbol;
type Id<P extends string> = `${P}_${string}` & { readonly [brand]: P };
type UserId = string & { readonly [brand]: "user" };
interface Message {
  id: Id<"user">;
  ids: Id<"a" | "b">[];
  embedded: `/users/${UserId}`;
  either: Id<"x"> | null;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
