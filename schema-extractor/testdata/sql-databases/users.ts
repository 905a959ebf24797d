import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import type { Decimal } from "encore.dev/types";

/** Who there is. */
const db = new SQLDatabase("users", { migrations: "./migrations" });

interface User {
  id: number;
  name: string;
}

export const get = api({ method: "GET", path: "/users/:id", expose: true }, async ({ id }: { id: number }) => {
  const user = await db.queryRow<User>`SELECT id, name FROM users WHERE id = ${id}`;
  return user ?? { id: 0, name: "" };
});

export const rename = api({ expose: true }, async ({ id, name }: User): Promise<void> => {
  await using tx = await db.begin();
  await tx.exec`
    UPDATE users
    SET name = ${name}
    WHERE id = ${id}`;
  await tx.exec`INSERT INTO log DEFAULT VALUES`;
  await tx.commit();
});

interface Entry {
  id: number | bigint;
  text?: string;
  state: "open" | "done" | null;
  at: Date | number;
  tags: readonly string[];
  data: Uint8Array;
  amount: Decimal;
  place: { x: number };
  any: unknown;
}

/** What rows are is known by what they are used as, too. */
export async function entries(filter: { ids?: number[]; since: Date | string }): Promise<Entry[]> {
  return await db.queryAll`SELECT * FROM log WHERE id = ANY(${filter.ids ?? null}) AND at > ${filter.since}`;
}

export async function* stream<T extends { id: number }>(any: any, big: bigint, data: object) {
  for await (const row of db.query<{ readonly id: number }>`SELECT id FROM log WHERE a = ${any}`) yield row;
  for await (const row of db.query<T>`SELECT id FROM log WHERE a = ${big} AND b = ${data}`) yield row;
}
