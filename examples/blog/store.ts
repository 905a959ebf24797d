import type { BlogPost } from "./post.js";

/** Posts in memory: gone when the program ends, so that the example needs no database. */
class PostStore {
  readonly #posts = new Map<number, BlogPost>();

  add(post: Omit<BlogPost, "id">): BlogPost {
    const stored = { id: this.#posts.size + 1, ...post };
    this.#posts.set(stored.id, stored);
    return stored;
  }

  find(id: number): BlogPost | undefined {
    return this.#posts.get(id);
  }

  /** The newest first. */
  newest(tag: string | undefined): BlogPost[] {
    const posts = [...this.#posts.values()].reverse();
    return tag === undefined ? posts : posts.filter((post) => post.tags.includes(tag));
  }
}

export const posts = new PostStore();

posts.add({
  title: "Hello",
  body: "The first post is always the shortest.",
  tags: ["#meta"],
  author: "ada",
  createdAt: new Date("2025-01-01T09:00:00Z"),
});
