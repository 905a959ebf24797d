import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";

const db = new SQLDatabase("compare", { migrations: "./migrations" });

interface Item {
  id: number;
  name: string;
  price: number;
  created: Date;
}

const queries = 20;

export const hello = api({ expose: true, method: "GET", path: "/hello" }, async () => ({ message: "Hello, World" }));

export const row = api(
  { expose: true, method: "GET", path: "/row/:id" },
  async ({ id }: { id: number }): Promise<Item> => {
    return (await find(id)) ?? { id: 0, name: "", price: 0, created: new Date(0) };
  },
);

export const twenty = api({ expose: true, method: "GET", path: "/twenty" }, async (): Promise<{ items: Item[] }> => {
  const found = await Promise.all(Array.from({ length: queries }, (_, index) => find(index * 100 + 1)));
  return { items: found.filter((item) => item !== null) };
});

export const stream = api(
  { expose: true, method: "GET", path: "/stream" },
  async (): Promise<{ rows: number; sum: number }> => {
    let rows = 0;
    let sum = 0;
    for await (const item of db.query<Item>`SELECT id, name, price, created_at AS created FROM items`) {
      rows++;
      sum += item.id;
    }
    return { rows, sum };
  },
);

/** Inserts rows, and takes them out again. @returns how many a second */
export const copy = api({ expose: true, method: "GET", path: "/copy/:rows" }, async ({ rows }: { rows: number }) => {
  await db.exec`TRUNCATE copies`;
  const started = performance.now();
  await db.copyIn("copies", newRows(rows));
  return { perSecond: (rows * 1000) / (performance.now() - started) };
});

export const single = api(
  { expose: true, method: "GET", path: "/single/:rows" },
  async ({ rows }: { rows: number }) => {
    await db.exec`TRUNCATE copies`;
    const started = performance.now();
    for (const { id, name, price } of newRows(rows)) {
      await db.exec`INSERT INTO copies (id, name, price) VALUES (${id}, ${name}, ${price})`;
    }
    return { perSecond: (rows * 1000) / (performance.now() - started) };
  },
);

function find(id: number): Promise<Item | null> {
  return db.queryRow<Item>`SELECT id, name, price, created_at AS created FROM items WHERE id = ${id}`;
}

function* newRows(rows: number) {
  for (let id = 1; id <= rows; id++) yield { id, name: `item ${id}`, price: id * 1.25 };
}
