import type { Post } from "./post.ts";
export interface Author {
  name: string;
  posts: Post[];
}
