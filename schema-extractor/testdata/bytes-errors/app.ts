import { api } from "encore.dev/api";
interface Message {
  words: Uint16Array;
  floats: Float64Array;
  clamped: Uint8ClampedArray;
  view: DataView;
  shared: SharedArrayBuffer;
  bigs: BigInt64Array;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
