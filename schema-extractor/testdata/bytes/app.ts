import { api } from "encore.dev/api";
interface Message {
  bytes: Uint8Array;
  precise: Uint8Array<ArrayBuffer>;
  buffer: ArrayBuffer;
  list: Uint8Array[];
  maybe?: Uint8Array | null;
  either: Uint8Array | string;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
