import { api } from "encore.dev/api";

function endpoint<T extends object>(path: "/a" | "/b") {
  return api<T, { value: T }>({ path }, async (value) => ({ value }));
}
export const a = endpoint<{ id: number }>("/a");
