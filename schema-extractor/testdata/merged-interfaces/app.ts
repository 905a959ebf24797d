import { api } from "encore.dev/api";
import type { Local, Mixed, Settings } from "./a.ts";
import type {} from "./b.ts";
interface Message { shared: SharedMessage; local: Local; mixed: Mixed; inner: Settings.Inner }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
