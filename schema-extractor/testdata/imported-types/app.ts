import { api } from "encore.dev/api";
import type { Post } from "./model/post.js";
import * as model from "./model/index.ts";

interface Message {
  post: Post;
  author: model.Author;
  inline: import("./model/post").Status;
}
export const send = api({ path: "/send" }, async (message: Message): Promise<Message> => message);
