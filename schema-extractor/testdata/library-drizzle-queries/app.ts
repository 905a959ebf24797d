import { api } from "encore.dev/api";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pg-proxy";
import { integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { relations } from "drizzle-orm/relations";

const users = pgTable("users", { id: integer().primaryKey(), name: text().notNull(), at: timestamp() });
const posts = pgTable("posts", { id: integer().primaryKey(), title: text().notNull(), authorId: integer() });
const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const postRelations = relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.authorId], references: [users.id] }) }));
const db = drizzle(async () => ({ rows: [] }), { schema: { users, posts, userRelations, postRelations } });

export const all = api({ path: "/all" }, async () => db.select().from(users));
export const some = api({ path: "/some" }, async () => db.select({ id: users.id, upper: sql<string>`upper(${users.name})` }).from(users));
export const joined = api({ path: "/joined" }, async () => db.select().from(users).leftJoin(posts, eq(posts.authorId, users.id)));
export const nested = api({ path: "/nested" }, async () => db.query.users.findMany({ columns: { name: true }, with: { posts: { with: { author: true } } } }));
export const first = api({ path: "/first/:id" }, async ({ id }: { id: number }) => ({ user: (await db.query.users.findFirst({ where: eq(users.id, id) })) ?? null }));
export const inserted = api({ path: "/inserted" }, async (user: typeof users.$inferInsert) => (await db.insert(users).values(user).returning())[0]!);
