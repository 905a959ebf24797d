import { randomBytes } from "node:crypto";
import { api } from "encore.dev/api";
import { SQLDatabase, SQLError } from "encore.dev/storage/sqldb";
import { Decimal } from "encore.dev/types";

const db = new SQLDatabase("notes", { migrations: "./migrations" });

export const add = api({ method: "POST", path: "/notes", expose: true }, async ({ text }: { text: string }) => {
  try {
    const row = await db.queryRow<{ id: number }>`INSERT INTO notes (text) VALUES (${text}) RETURNING id`;
    return { id: row?.id ?? 0, failure: "" };
  } catch (error) {
    if (error instanceof SQLError) return { id: 0, failure: `${error.code ?? ""} ${error.constraint ?? ""}` };
    throw error;
  }
});

/** What is kept, and what other connections are doing. */
export const state = api({ method: "GET", path: "/state", expose: true }, async () => {
  const row = await db.queryRow<{ notes: number; busy: number }>`
    SELECT (SELECT count(*) FROM notes)::int AS notes, count(*)::int AS busy FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND (state = 'active' OR state LIKE 'idle in transaction%')`;
  return { notes: row?.notes ?? -1, busy: row?.busy ?? -1 };
});

/** Waits in a statement. */
export const hold = api({ method: "GET", path: "/hold", expose: true }, async (): Promise<void> => {
  await using tx = await db.begin();
  await tx.exec`INSERT INTO notes (text) VALUES ('held')`;
  await tx.exec`SELECT pg_sleep(600)`;
  await tx.commit();
});

/** Forgets its transaction, and never answers. */
export const forget = api({ method: "GET", path: "/forget", expose: true }, async (): Promise<void> => {
  const tx = await db.begin();
  await tx.exec`INSERT INTO notes (text) VALUES ('forgotten')`;
  await new Promise(() => undefined);
});

/** Rows by COPY, as a stream, and in a transaction with a savepoint that is given up. */
export const many = api({ method: "GET", path: "/many/:count", expose: true }, async ({ count }: { count: number }) => {
  await using connection = await db.acquire();
  await connection.exec`CREATE TEMPORARY TABLE IF NOT EXISTS numbers (n int)`;
  const copied = await db.copyIn(
    "notes",
    Array.from({ length: count }, (_, n) => ({ text: `copied ${n}` })),
  );
  let streamed = 0;
  for await (const row of db.query<{ text: string }>`SELECT text FROM notes ORDER BY id`)
    streamed += Math.sign(row.text.length);
  await using tx = await connection.begin();
  await tx.exec`INSERT INTO numbers SELECT generate_series(1, ${count})`;
  {
    await using inner = await tx.begin();
    await inner.exec`DELETE FROM numbers`;
  }
  const kept = await tx.queryRow<{ n: number }>`SELECT count(*) AS n FROM numbers`;
  await tx.rollback();
  await db.exec`DELETE FROM notes WHERE text LIKE 'copied %'`;
  return { copied, streamed, kept: kept?.n ?? 0 };
});

/** Values both ways. */
export const values = api({ method: "GET", path: "/values", expose: true }, async () => {
  const bytes = randomBytes(300_000);
  const row = await db.queryRow`
    SELECT ${9007199254740993n}::int8 AS big, ${new Decimal("1.50")}::numeric AS price, ${bytes}::bytea AS bytes,
      ${new Date(0)}::timestamptz AS at, ${["a", null, 'b"\\']}::text[] AS texts, ${{ a: [1] }}::jsonb AS json,
      ${[1, 2]}::jsonb AS list, '[1,5)'::int4range AS range, 'infinity'::timestamptz AS never, ${"'; DROP TABLE notes --"}::text AS text`;
  if (row === null) throw new Error("no row");
  const { big, price, at, texts, json, list, range, never, text } = row;
  return {
    big: typeof big === "bigint" ? String(big) : "no bigint",
    price: price instanceof Decimal ? price.add("0.25").value : "no Decimal",
    bytes: Buffer.from(row["bytes"] as Uint8Array).equals(bytes) && bytes.toString("base64url").length === 400_000,
    at: (at as Date).toISOString(),
    texts: texts as (string | null)[],
    json: json as { a: number[] },
    list: list as number[],
    range: range as { lower: number; upper: number; lowerInclusive: boolean; upperInclusive: boolean },
    never: never === Infinity,
    text: text as string,
  };
});

/** Listens, notifies, and says what came. */
export const notified = api({ method: "GET", path: "/notified", expose: true }, async () => {
  await using listener = db.listen("notes");
  await listener.ready();
  await db.exec`SELECT pg_notify('notes', 'hello')`;
  const { value } = (await listener.next()) as { value: { channel: string; payload: string } };
  return { channel: value.channel, payload: value.payload };
});
