import { api } from "encore.dev/api";

interface Item { id: number }
type Outcome = { ok: true; item: Item } | { ok: false; reason: string };
export const list = api({ path: "/list" }, async (): Promise<Item[]> => []);
export const outcome = api({ path: "/outcome" }, async (): Promise<Outcome> => ({ ok: false, reason: "" }));
export const maybe = api({ path: "/maybe" }, async (): Promise<Item | void> => {});
export const map = api({ path: "/map" }, async (): Promise<Record<string, Item>> => ({}));
export const explicit = api<{ id: number }, Item>({ path: "/explicit" }, async ({ id }) => ({ id }));
export const sync = api({ path: "/sync" }, (): Item => ({ id: 1 }));
