import { api } from "encore.dev/api";
interface Message {
  post: import("./models/post.ts").Post;
  page: import("./models/post.ts").Page<import("./models/post").Post>;
  made: ReturnType<typeof import("./models/post.ts").make>;
  fallback: import("./models/post.ts").default;
  json: typeof import("./data.json");
}

export const send = api<Message, Message>({ method: "POST", path: "/send" }, async (message) => message);
