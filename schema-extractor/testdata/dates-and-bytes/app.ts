import { api } from "encore.dev/api";
interface Message {
  at: Date;
  maybe: Date | null;
  dates?: Date[];
  payload: Uint8Array;
  buffer: ArrayBuffer;
  big: bigint;
  literalBig: 10n;
  unionOfDates: Date | string;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
