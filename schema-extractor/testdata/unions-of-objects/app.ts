import { api } from "encore.dev/api";
interface Circle { kind: "circle"; radius: number }
interface Square { kind: "square"; side: number }
type Shape = Square | Circle;
interface Message {
  shape: Shape;
  shapes: Shape[];
  maybe?: Shape;
  or: Circle | string | null;
  listOrOne: Circle | Circle[];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
