import { api } from "encore.dev/api";
import type { Options, Registry, Session } from "toolkit";
import type { Deep } from "toolkit/deep";
import "./augment.ts";
interface Message { session: Session; options: Options; key: keyof Registry; value: Registry[keyof Registry]; deep: Deep; global: ToolkitGlobal }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
