import { api } from "encore.dev/api";
type State = "draft" | "published" | "archived";
interface Message {
  state: State;
  again?: State;
  stateOrNull: State | null;
  inline: "b" | "a" | "c";
  other: "c" | "b" | "a";
  one: "only";
  digits: 3 | 1 | 2;
  negative: -1 | 0.5;
  truth: true;
  mixed: "x" | 1 | false | null;
  numberOrBoolean: boolean | number;
  booleanOrNumber: number | boolean;
  stringOrNumber: string | number;
  nested: (State | "deleted") | null;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
