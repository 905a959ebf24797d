import { api } from "encore.dev/api";
import * as z from "zod/mini";
import * as v3 from "zod/v3";

const Post = z.object({ id: z.number().check(z.minimum(1)), title: z.optional(z.string()), tags: z._default(z.array(z.string()), []) });
const Legacy = v3.z.object({ id: v3.z.number(), nested: v3.z.object({ at: v3.z.date() }).optional(), kind: v3.z.union([v3.z.literal("a"), v3.z.literal("b")]) }).strict();
interface Message { post: z.infer<typeof Post>; input: z.input<typeof Post>; legacy: v3.z.infer<typeof Legacy> }

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
