import { api } from "encore.dev/api";

const store = [{ id: 1, name: "one", tags: ["x"], parent: null as { id: number } | null }];

export const list = api({ method: "GET", path: "/list" }, async () => ({ items: store, total: store.length, at: new Date() }));
export const first = api({ method: "GET", path: "/first" }, () => store[0] ?? { id: 0, name: "", tags: [], parent: null });
export const either = api({ method: "GET", path: "/either" }, async ({ wide }: { wide?: boolean }) => {
  if (wide) return { kind: "wide" as const, width: 1 };
  return { kind: "narrow" as const };
});
export const echo = api({}, async (request: { text: string }) => request);
