import { api } from "encore.dev/api";
interface Message {
  id: `user-${number}`;
  anyTail: `/${string}`;
  choice: `${"a" | "b"}-${"x" | "y"}`;
  flag: `is-${boolean}`;
  big: `${bigint}n`;
  dots: `v${number}.${number}`;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
