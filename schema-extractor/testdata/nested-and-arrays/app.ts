import { api } from "encore.dev/api";
interface Message {
  author: { name: { first: string; last: string }; emails: string[] };
  matrix: number[][];
  generic: Array<{ id: number }>;
  frozen: readonly string[];
  alsoFrozen: ReadonlyArray<boolean>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
