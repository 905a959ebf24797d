import { api, type Header, type Query } from "encore.dev/api";

interface Filter { where: { name: string }; tags: string[]; matrix: number[][]; since: Date; kind: "a" | "b"; flag: boolean | null; map: Record<string, string> }
export const search = api({ method: "GET", path: "/search" }, async (_: Filter) => {});
export const remove = api({ method: "DELETE", path: "/remove" }, async (_: { ids: { id: number }[] }) => {});
export const fine = api({ method: "POST", path: "/search" }, async (_: Filter) => {});
export const answer = api({ path: "/answer" }, async (): Promise<{ at: Header<Date, "X-At">; list: Query<string[]> }> => ({ at: new Date(), list: [] }));
