import { api } from "encore.dev/api";
import type { Post } from "~models";
import type { Author } from "@/models/author";
import type { Extra } from "#shared/extra";
interface Message { post: Post; author: Author; extra: Extra; inline: import("@/models/author").Role }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
