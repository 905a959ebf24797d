import { api } from "encore.dev/api";
interface Open { id: number; [key: string]: number | string }
type Keys = "left" | "right";
interface Message {
  counts: Record<string, number>;
  byKey: Record<Keys, boolean>;
  partly: Partial<Record<Keys, number>>;
  signature: { [name: string]: Date };
  byNumber: { [id: number]: string };
  headers: { [name: `x-${string}`]: string };
  open: Open;
  sparse: Record<string, string | undefined>;
  anything: object;
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
