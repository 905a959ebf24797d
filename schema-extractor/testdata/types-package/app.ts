import { api } from "encore.dev/api";
import type { Row } from "legacy";
import type legacy from "legacy";
interface Message { row: Row; config: legacy.Config }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
