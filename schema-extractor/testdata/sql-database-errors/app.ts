import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";

export const first = new SQLDatabase("app", { migrations: "../elsewhere" });
export const again = new SQLDatabase("app");
export const odd = new SQLDatabase("My App");
export const computed = new SQLDatabase(String(Math.random()));
export const missing = SQLDatabase.named("nowhere");
export const source = new SQLDatabase("other", { migrations: { path: "m", source: "knex" as "prisma" } });

export const hello = api({ expose: true }, async (): Promise<void> => {
  await first.exec`SELECT 1`;
});
