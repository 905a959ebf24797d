import { api } from "encore.dev/api";
declare const tag: unique symbol;
type Brand<T, B> = T & { readonly [tag]: B };
type UserId = Brand<string, "user">;
type Cents = number & { readonly __brand: "cents" };
type Email = string & { _brand: "email" };
type Opaque<T, K extends string> = T & { readonly __opaque__: K };
type Verified<T> = T & { readonly __brand: "verified" };
interface User { id: UserId; name: string }
interface Message {
  id: UserId;
  cents: Cents;
  email: Email;
  token: Opaque<string, "token">;
  user: Verified<User>;
  merged: Verified<User & { age: number }>;
  list: Brand<string[], "list">;
  at: Brand<Date, "at">;
  big: Brand<bigint, "big">;
  maybe?: UserId | null;
  byId: Record<UserId, Cents>;
  kept: { _tag: "kept"; __typename: "T" };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
