import { api } from "encore.dev/api";
export const list = api({ method: "GET", path: "/posts" }, async () => ({ posts: ["a"] }));
