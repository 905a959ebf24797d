import { api } from "encore.dev/api";
interface Message {
  id: bigint;
  maybe?: bigint | null;
  list: bigint[];
  either: bigint | number | string;
  literal: 10n;
  literals: 1n | 2n;
  negative: -5n;
  byId: Map<bigint, string>;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
