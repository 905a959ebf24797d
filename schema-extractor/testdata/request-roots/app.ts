import { api } from "encore.dev/api";

interface Item { id: number }
export const nothing = api({ path: "/nothing" }, async () => {});
export const empty = api({ path: "/empty" }, async (_: {}) => {});
export const list = api({ path: "/list" }, async (_: Item[]) => {});
export const tuple = api({ path: "/tuple" }, async (_: [string, ...Item[]]) => {});
export const set = api({ path: "/set" }, async (_: Set<Item>) => {});
export const map = api({ path: "/map" }, async (_: Map<string, Item>) => {});
export const union = api({ path: "/union" }, async (_: { kind: "a"; a: string } | { kind: "b"; b: number }) => {});
export const record = api({ path: "/record" }, async (_: Record<string, Item>) => {});
export const optional = api({ path: "/optional" }, async (_?: Item) => {});
export const defaulted = api({ path: "/defaulted" }, async (_: { page?: number } = {}) => {});
export const destructured = api({ path: "/destructured" }, async ({ a, b = 2 }: { a: string; b?: number }) => ({ a, b }));
export const intersected = api({ path: "/intersected/:id" }, async (_: { id: number } & { name: string }) => {});
export const mapped = api({ path: "/mapped/:id" }, async (_: Pick<Item, "id"> & Partial<Record<"x" | "y", number>>) => {});
export const patterns = api({ path: "/patterns" }, async (_: { id: number; [key: `x-${string}`]: string }) => {});
