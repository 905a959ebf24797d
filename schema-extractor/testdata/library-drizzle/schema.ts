import { relations } from "drizzle-orm";
import { bigint, boolean, date, doublePrecision, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, serial, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";

export const role = pgEnum("role", ["admin", "member"]);
export const users = pgTable("users", {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull(),
  email: varchar({ length: 255 }).notNull().unique(),
  role: role().notNull().default("member"),
  age: integer(),
  balance: numeric({ precision: 10, scale: 2 }),
  visits: bigint({ mode: "bigint" }).notNull(),
  clicks: bigint({ mode: "number" }),
  score: doublePrecision(),
  settings: jsonb().$type<{ theme: "light" | "dark"; flags?: string[] }>(),
  raw: jsonb(),
  tags: text().array().notNull(),
  born: date(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  plan: text({ enum: ["free", "pro"] }).notNull().default("free"),
  active: boolean().notNull().default(true),
});
export const posts = pgTable("posts", {
  id: serial().primaryKey(),
  authorId: uuid().notNull().references(() => users.id),
  slug: text().$type<`post-${string}`>().notNull(),
  title: text().notNull(),
});
export const links = pgTable("links", { from: integer().notNull(), to: integer().notNull() }, (table) => [primaryKey({ columns: [table.from, table.to] })]);
export const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
