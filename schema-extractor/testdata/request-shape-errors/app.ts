import { api } from "encore.dev/api";

export const list = api({ method: "GET", path: "/list" }, async (_: string[]) => {});
export const either = api({ method: ["POST", "DELETE"], path: "/either" }, async (_: { a: string } | { b: number }) => {});
export const update = api({ method: "PUT", path: "/items/:id" }, async (_: string[]) => {});
