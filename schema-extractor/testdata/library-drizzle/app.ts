import { api } from "encore.dev/api";
import type { InferInsertModel, InferSelectModel } from "drizzle-orm";
import { links, posts, users } from "./schema.ts";

type User = typeof users.$inferSelect;
type NewUser = typeof users.$inferInsert;
type Post = InferSelectModel<typeof posts>;
type NewPost = Omit<InferInsertModel<typeof posts>, "authorId">;
interface UserWithPosts extends User { posts: Post[] }

export const get = api({ path: "/users/:id" }, async (_: { id: string }): Promise<UserWithPosts | null> => null);
export const create = api({ path: "/users" }, async (_: NewUser): Promise<User> => { throw new Error(); });
export const update = api({ path: "/users/:id/update" }, async (_: { id: string } & Partial<Omit<NewUser, "id">>) => {});
export const write = api({ path: "/posts" }, async (_: NewPost): Promise<{ post: Post; link: typeof links.$inferSelect }> => { throw new Error(); });
