import { api } from "encore.dev/api";
interface Message {
  upper: Uppercase<string>;
  lower: Lowercase<string>;
  capital: Capitalize<string>;
  small: Uncapitalize<string>;
  name: Capitalize<Lowercase<string>>;
  inverse: Uncapitalize<Uppercase<string>>;
  inside: `X-${Uppercase<string>}`;
  over: Uppercase<`id-${string}`>;
  known: Uppercase<"a" | "b">;
  number: Uppercase<`${number}`>;
  list: Uppercase<string>[];
  record: Record<Lowercase<string>, number>;
  either: Uppercase<string> | "lower";
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
