import { api } from "encore.dev/api";
interface Message {
  any: any;
  unknown: unknown;
  list: any[];
  map: Record<string, unknown>;
  empty: {};
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
