import { api } from "encore.dev/api";

export const open = api({ path: "/open" }, async (_: Record<string, number>) => {});
export const anything = api({ path: "/anything/:id" }, async (_: any) => {});
export const list = api({ path: "/list" }, async (_: string[]) => {});
export const either = api({ method: ["PUT", "PATCH"], path: "/either" }, async (_: { a: string } | { b: number }) => {});
export const date = api({ path: "/date" }, async (_: Date) => {});
