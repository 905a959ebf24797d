import { api } from "encore.dev/api";
interface Message {
  object: object;
  Object: Object;
  wrapped: String;
  number: Number;
  flag: Boolean;
  unknown: unknown;
  any: any;
  unknowns: unknown[];
  nested: { value: unknown; list: any[] };
  optionalUnknown?: unknown;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
