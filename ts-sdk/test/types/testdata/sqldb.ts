import { Connection, SQLDatabase, SQLError, type Range, type Row, type Transaction } from "encore-host/storage/sqldb";

export const db = new SQLDatabase("blog", { migrations: "./migrations", statementTimeout: 5_000 });
export const other = new SQLDatabase("other", { migrations: { path: "./drizzle", source: "drizzle/v1" } });
export const bare = new SQLDatabase("bare");
// @ts-expect-error -- no such tool
new SQLDatabase("odd", { migrations: { path: "./m", source: "knex" } });
const name: string = ["blog", "other"].join("");
// @ts-expect-error -- a name is written down
SQLDatabase.named(name);

interface Post {
  id: number;
  title: string;
}

export async function statements(bytes: Uint8Array): Promise<number> {
  const first: Post | null = await db.queryRow<Post>`SELECT id, title FROM posts WHERE id = ${1}`;
  const all: Post[] = await db.queryAll<Post>`SELECT * FROM posts WHERE tags && ${["a"]} OR body = ${bytes}`;
  for await (const post of db.query<Post>`SELECT * FROM posts`) post.title.trim();
  const untyped: Row = (await db.rawQueryRow("SELECT $1::int8 AS n", 12n)) ?? {};
  const changed: number = await db.exec`UPDATE posts SET at = ${new Date()}, extra = ${{ a: 1 }}, none = ${null}`;
  await SQLDatabase.named("blog").rawExec("DELETE FROM posts");
  // @ts-expect-error -- no database holds a symbol
  await db.exec`SELECT ${Symbol("a")}`;
  const range: Range<number> = (await db.queryRow<{ r: Range<number> }>`SELECT int4range(1, 2) AS r`)!.r;
  return (first?.id ?? 0) + all.length + changed + (range.lower ?? 0) + Number(untyped["n"]);
}

export async function transactions(): Promise<void> {
  await using tx: Transaction = await db.begin({ isolation: "serializable", readOnly: true });
  await using inner = await tx.begin();
  await inner.exec`SELECT 1`;
  await inner.rollback();
  await tx.commit();
  // @ts-expect-error -- no such level
  await db.begin({ isolation: "snapshot" });
  const connection: Connection = await db.acquire();
  await connection.close();
}

export async function more(): Promise<void> {
  const count: number = await db.copyIn("posts", [{ id: 1, title: "a" }], { columns: ["id", "title"] });
  await using listener = db.listen("changes");
  for await (const notification of listener) if (notification?.payload === String(count)) break;
  try {
    await db.exec`SELECT 1`;
  } catch (error) {
    if (error instanceof SQLError && error.code === "23505") throw new Error(error.constraint ?? "");
  }
  const uri: string = db.connectionString;
  uri.trim();
}
