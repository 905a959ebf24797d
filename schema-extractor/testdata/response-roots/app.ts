import { api } from "encore.dev/api";

interface Item { id: number }
export const none = api({ path: "/none" }, async () => {});
export const nothing = api({ path: "/nothing" }, async (): Promise<void> => {});
export const undef = api({ path: "/undef" }, async (): Promise<undefined> => undefined);
export const nul = api({ path: "/nul" }, async (): Promise<null> => null);
export const nullable = api({ path: "/nullable" }, async (): Promise<Item | null> => null);
export const optional = api({ path: "/optional" }, async (): Promise<Item | undefined> => undefined);
export const thrown = api({ path: "/thrown" }, async () => { throw new Error(); });
export const never = api({ path: "/never" }, async (): Promise<never> => { throw new Error(); });
export const list = api({ path: "/list" }, async (): Promise<readonly Item[]> => []);
export const tuple = api({ path: "/tuple" }, async (): Promise<[Item, number]> => [{ id: 1 }, 2]);
export const set = api({ path: "/set" }, async (): Promise<Set<string>> => new Set());
export const map = api({ path: "/map" }, async (): Promise<Map<string, Item>> => new Map());
export const bytes = api({ path: "/bytes" }, async (): Promise<Uint8Array> => new Uint8Array());
export const at = api({ path: "/at" }, async (): Promise<Date> => new Date());
export const union = api({ path: "/union" }, async (): Promise<Item | Item[] | null> => null);
export const record = api({ path: "/record" }, async (): Promise<Record<string, Item>> => ({}));
export const thenable = api({ path: "/thenable" }, async (): Promise<Item> => ({ id: 1 }));
