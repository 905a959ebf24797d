import { api } from "encore.dev/api";
interface Message {
  hole: [string, number | undefined];
  call: [name: string, run: () => void];
  rest: [string, ...symbol[]];
  trailing: [...number[], never];
  missing: [string, (() => void)?];
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
