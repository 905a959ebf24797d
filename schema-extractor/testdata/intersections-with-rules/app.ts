import { api } from "encore.dev/api";
import type { IsEmail, Max, MaxLen, Min, MinLen } from "encore.dev/validate";
type Age = number & (Min<0> & Max<150>);
type Short = MaxLen<5>;
interface Message {
  age: Age;
  maybe?: Age | null;
  list: (string & MinLen<1>)[] & MaxLen<3>;
  either: (string & IsEmail) | (number & Min<1>);
  reused: string & Short;
  tuple: [string & MinLen<2>, number & Max<9>];
  set: Set<string & MinLen<1>>;
  map: Map<string & MinLen<1>, number & Min<0>>;
  record: Record<string, number & Min<0>>;
  branded: string & { readonly __brand: "Email" } & IsEmail;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
