import { api } from "encore.dev/api";
import { type Handler, type Lookup, getPost, Posts } from "./posts.ts";

const typed: Handler<{ id: number }, { state: "new" | "a" }> = async ({ id }) => ({ state: id > 1 ? "new" : "a" });
const posts = new Posts();

export const get = api({ method: "GET", path: "/posts/:id" }, getPost);
export const list = api({ method: "GET", path: "/posts" }, posts.list);
export const look = api({ path: "/look" }, typed);
export const wrapped = api<Lookup, "z" extends string ? { order: "z" | "y" | "x" } : never>({ path: "/wrapped" }, async () => ({ order: "x" }));
