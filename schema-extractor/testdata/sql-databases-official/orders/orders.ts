import { api } from "encore.dev/api";
import { SQLDatabase, type Transaction } from "encore.dev/storage/sqldb";

const migrations = { path: "./migrations", source: "drizzle/v1" } as const;

export const orders = new SQLDatabase("orders", { migrations });
const users = SQLDatabase.named("users");

/** Not a database: its statements are none. */
const other = { query: (strings: TemplateStringsArray) => strings.raw.join("?") };

export const count = api({ method: "GET", expose: true }, async (): Promise<{ count: number; users: number }> => {
  other.query`SELECT nothing`;
  const connection = await orders.acquire();
  const row = await connection.queryRow`SELECT count(*)::int AS n FROM orders`;
  const all = await users.queryAll`SELECT 'it''s\n' AS text`;
  await connection.close();
  return { count: row?.n ?? 0, users: all.length };
});

/** The database of a transaction that comes from elsewhere isn't known. */
export async function within(tx: Transaction): Promise<void> {
  await tx.exec`SELECT 1`;
}
