import { api } from "encore.dev/api";
interface Message { body: Buffer; parts: Buffer[]; named: import("node:buffer").Buffer }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
