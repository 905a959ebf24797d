import { api } from "encore.dev/api";

const rows = [{ id: 1, title: "a", at: new Date(), tags: new Set(["x"]) }];
const byId = new Map(rows.map((row) => [row.id, row]));
class Repository {
  async all() { return rows; }
  find = async (id: number) => byId.get(id) ?? null;
}
const repository = new Repository();
export const empty = api({ path: "/empty" }, async () => ({ items: [], next: null }));
export const all = api({ path: "/all" }, () => repository.all());
export const find = api({ path: "/find/:id" }, async ({ id }: { id: number }) => repository.find(id));
export const spread = api({ path: "/spread" }, async () => ({ ...rows[0]!, extra: 1n, pair: [1, "a"] as const }));
export const grouped = api({ path: "/grouped" }, async () => Object.groupBy(rows, (row) => row.title));
export const entries = api({ path: "/entries" }, async () => Object.entries({ a: 1, b: 2 }));
export const fromEntries = api({ path: "/fromEntries" }, async () => Object.fromEntries(rows.map((row) => [row.title, row.id])));
export const branches = api({ path: "/branches" }, async ({ n }: { n: number }) => {
  if (n > 2) return { kind: "big", n } as const;
  if (n > 1) return { kind: "medium", half: n / 2 } as const;
  return null;
});
export const picked = api({ path: "/picked" }, async () => rows.map(({ id, title }) => ({ id, title })));
export const settled = api({ path: "/settled" }, async () => Promise.all([repository.all(), repository.find(1)]));
