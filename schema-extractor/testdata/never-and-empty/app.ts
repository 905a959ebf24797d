import { api } from "encore.dev/api";
interface Message {
  forbidden?: never;
  nothing?: undefined;
  undef: undefined;
  empty: {};
  emptyList: never[];
  emptyTuple: [];
  emptyRecord: Record<string, never>;
  emptyPick: Pick<{ a: string }, never>;
  nul: null;
  voidish?: void;
  union: string | undefined | null;
  exclusive: { a: string; b?: never } | { b: number; a?: never };
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
