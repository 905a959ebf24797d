import { api } from "encore.dev/api";

interface BlogPost {
  id: number;
  title: string;
  body: string;
  likes: number;
}

export const getBlogPost = api(
  { method: "GET", path: "/blog/:id", expose: true },
  async ({ id }: { id: number }): Promise<BlogPost> => ({ id, title: "Hello", body: "World", likes: 0 }),
);
